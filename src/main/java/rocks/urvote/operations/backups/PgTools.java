package rocks.urvote.operations.backups;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.DatabaseUrl;
import rocks.urvote.operations.Databases;

/// PostgreSQL's own `pg_dump` and `pg_restore`, where they are installed.
record PgTools(Path bin, String version, int major) {

    private static final Pattern VERSION = Pattern.compile("pg_dump \\(PostgreSQL\\) (([0-9]+)\\S*)");
    private static final List<String> WHERE_PACKAGES_PUT_THEM =
            List.of("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin");
    private static final String NONE = "none";

    /// What libpq calls otherwise than the driver, of what may stand in a URL.
    private static final Map<String, String> LIBPQ_NAMES = Map.of(
            "sslmode", "sslmode",
            "sslrootcert", "sslrootcert",
            "sslcert", "sslcert",
            "sslkey", "sslkey",
            "connectTimeout", "connect_timeout",
            "options", "options",
            "targetServerType", "target_session_attrs");

    /// Its values for servers of a kind. Those that the driver would only rather have, libpq does not know.
    private static final Map<String, String> LIBPQ_SERVERS = Map.of(
            "primary", "primary",
            "master", "primary",
            "secondary", "standby",
            "slave", "standby",
            "preferSecondary", "prefer-standby",
            "preferSlave", "prefer-standby");

    /// Those of the server's version, else the next newer ones: older ones cannot read it.
    static Optional<PgTools> forServer(int major, Optional<String> setting) throws IOException {
        if (setting.isPresent()) {
            if (setting.get().equals(NONE)) {
                return Optional.empty();
            }
            var named = in(Path.of(setting.get()));
            if (named == null) {
                throw new Command.Failed("URVOTE_PG_TOOLS must be a folder with pg_dump and pg_restore, not '%s'"
                        .formatted(setting.get()));
            }
            if (named.major() < major) {
                throw new Command.Failed("URVOTE_PG_TOOLS must be the tools of PostgreSQL %d or newer, not %s"
                        .formatted(major, named.version()));
            }
            return Optional.of(named);
        }
        var found = new ArrayList<PgTools>();
        for (var folder : folders()) {
            var tools = in(folder);
            if (tools != null && tools.major() >= major) {
                found.add(tools);
            }
        }
        return found.stream().min(Comparator.comparingInt(PgTools::major));
    }

    private static List<Path> folders() throws IOException {
        var folders = new ArrayList<Path>();
        for (var place : WHERE_PACKAGES_PUT_THEM) {
            int star = place.indexOf('*');
            var root = Path.of(place.substring(0, place.lastIndexOf('/', star)));
            if (Files.isDirectory(root)) {
                var pattern = place.substring(place.lastIndexOf('/', star) + 1, place.indexOf('/', star));
                try (var versions = Files.newDirectoryStream(root, pattern)) {
                    versions.forEach(version -> folders.add(version.resolve("bin")));
                }
            }
        }
        for (var folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!folder.isEmpty()) {
                folders.add(Path.of(folder));
            }
        }
        return folders;
    }

    private static @Nullable PgTools in(Path folder) throws IOException {
        if (!Files.isExecutable(folder.resolve("pg_dump")) || !Files.isExecutable(folder.resolve("pg_restore"))) {
            return null;
        }
        var process = new ProcessBuilder(folder.resolve("pg_dump").toString(), "--version")
                .redirectError(Redirect.DISCARD)
                .start();
        var said = VERSION.matcher(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        return said.find() ? new PgTools(folder, said.group(1), Integer.parseInt(said.group(2))) : null;
    }

    /// Everything of UrVote in a database, as another connection sees it that has exported its snapshot.
    void dump(DatabaseUrl url, String snapshot, Path file) throws IOException {
        var command = new ArrayList<>(List.of(
                bin.resolve("pg_dump").toString(),
                "--format=custom",
                "--compress=3",
                "--no-password",
                "--lock-wait-timeout=30s",
                "--role=" + Databases.BACKUP,
                "--snapshot=" + snapshot,
                "--file=" + file));
        Databases.SCHEMAS.forEach(schema -> command.add("--schema=" + schema));
        command.add("--dbname=" + libpq(url));
        run(url, command);
    }

    /// Into a database that has the empty schemas, in one transaction, everything as the owner's.
    void restore(Path file, DatabaseUrl url) throws IOException {
        var pgRestore = bin.resolve("pg_restore").toString();
        var list = Files.createTempFile("urvote", ".list");
        try {
            Files.writeString(
                    list,
                    run(url, List.of(pgRestore, "--list", file.toString()))
                            .lines()
                            .filter(line -> !line.contains(" SCHEMA - "))
                            .collect(Collectors.joining("\n", "", "\n")));
            run(
                    url,
                    List.of(
                            pgRestore,
                            "--single-transaction",
                            "--exit-on-error",
                            "--no-password",
                            "--no-owner",
                            "--role=" + Databases.OWNER,
                            "--use-list=" + list,
                            "--dbname=" + libpq(url),
                            file.toString()));
        } finally {
            Files.deleteIfExists(list);
        }
    }

    private static String run(DatabaseUrl url, List<String> command) throws IOException {
        var said = Files.createTempFile("urvote", ".err");
        try {
            var builder = new ProcessBuilder(command).redirectError(said.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
            builder.environment().put("PGPASSWORD", url.password());
            builder.environment().put("PGAPPNAME", "urvote backup");
            builder.environment().put("LC_ALL", "C");
            var process = builder.start();
            try {
                process.getOutputStream().close();
                var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                int code = process.waitFor();
                if (code != 0) {
                    throw new Command.Failed("%s failed: %s"
                            .formatted(
                                    Path.of(command.getFirst()).getFileName(),
                                    Files.readString(said)
                                            .strip()
                                            .lines()
                                            .limit(3)
                                            .collect(Collectors.joining(" | "))));
                }
                return output;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("Interrupted while %s ran".formatted(command.getFirst()));
            } finally {
                process.destroy();
            }
        } finally {
            Files.deleteIfExists(said);
        }
    }

    /// Without its password, which others would see among the processes.
    static String libpq(DatabaseUrl url) {
        var parameters = url.parameters().entrySet().stream()
                .filter(parameter -> LIBPQ_NAMES.containsKey(parameter.getKey()))
                .map(parameter -> LIBPQ_NAMES.get(parameter.getKey()) + "="
                        + encoded(value(parameter.getKey(), parameter.getValue())))
                .sorted()
                .collect(Collectors.joining("&"));
        return "postgresql://%s@%s/%s%s"
                .formatted(
                        encoded(url.user()),
                        url.hosts(),
                        encoded(url.name()),
                        parameters.isEmpty() ? "" : "?" + parameters);
    }

    private static String value(String name, String value) {
        return name.equals("targetServerType") ? LIBPQ_SERVERS.getOrDefault(value, "any") : value;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
