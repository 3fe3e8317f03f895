package rocks.urvote.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;

class ProblemCodesTests {

    /// `Problem.of(HttpStatus.CONFLICT, "own_song"`, however the lines are broken, and helpers that give the status.
    private static final Pattern PROBLEM = Pattern.compile(
            "(?:\\bof\\(|new Problem\\()\\s*((?:[\\w.]*HttpStatus\\.\\w+)|status),\\s*(?:\"([a-z_]+)\"|code\\b)");

    private static final Pattern HELPED = Pattern.compile("refused\\(\\s*\"([a-z_]+)\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| ([0-9, ]+) \\|");
    private static final Pattern DECLARED = Pattern.compile("\"([0-9]{3} [a-z_]+)\"");

    @Test
    void everyCodeOfTheCodeStandsInTheDocumentAndTheOtherWayRound() throws IOException {
        var written = new TreeSet<String>();
        for (var source : sources()) {
            PROBLEM.matcher(source)
                    .results()
                    .filter(found -> found.group(2) != null)
                    .forEach(found -> {
                        written.add(found.group(2));
                        var status = found.group(1).replaceAll(".*\\.", "");
                        if (status.equals(status.toUpperCase(Locale.ROOT))) {
                            assertThat(documented())
                                    .contains(HttpStatus.valueOf(status).value() + " " + found.group(2));
                        }
                    });
            HELPED.matcher(source).results().forEach(found -> written.add(found.group(1)));
        }

        assertThat(written)
                .isEqualTo(documented().stream()
                        .map(code -> code.substring(4))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void whatHandlersSayTheyRefuseStandsInTheDocument() throws IOException {
        for (var source : sources()) {
            assertThat(DECLARED.matcher(source)
                            .results()
                            .map(found -> found.group(1))
                            .toList())
                    .isSubsetOf(documented());
        }
    }

    private static Set<String> documented() {
        try {
            return ROW.matcher(Files.readString(Path.of("docs/api.md")))
                    .results()
                    .flatMap(row -> Pattern.compile(", ")
                            .splitAsStream(row.group(2))
                            .map(status -> status + " " + row.group(1)))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> sources() throws IOException {
        try (var files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(ProblemCodesTests::read)
                    .collect(Collectors.toSet());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
