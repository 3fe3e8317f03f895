import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Brings every Java file into Palantir's format: those that changed since the last time. Where `CI` is set it looks at
/// all of them, changes nothing, and fails if it would have to.
class Format {

    private static final boolean CI = System.getenv("CI") != null;
    private static final Path LAST_TIME = Path.of("target/formatted");

    public static void main(String[] folders) throws Exception {
        var since = CI || Files.notExists(LAST_TIME) ? FileTime.fromMillis(0) : Files.getLastModifiedTime(LAST_TIME);
        var formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(Style.PALANTIR)
                .formatJavadoc(false)
                .build());
        List<Path> changed = new ArrayList<>();
        for (var folder : folders) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (var file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    if (Files.getLastModifiedTime(file).compareTo(since) <= 0) {
                        continue;
                    }
                    var source = Files.readString(file);
                    var formatted = formatter.formatSourceAndFixImports(source);
                    if (!formatted.equals(source)) {
                        changed.add(file);
                        if (!CI) {
                            Files.writeString(file, formatted);
                        }
                    }
                }
            }
        }
        changed.forEach(file -> System.out.println("Formatted " + file));
        if (!changed.isEmpty() && CI) {
            System.out.println("These files are not formatted: run mvn process-sources and commit the result.");
            System.exit(1);
        }
        Files.createDirectories(LAST_TIME.getParent());
        Files.writeString(LAST_TIME, "");
    }
}
