package rocks.urvote.operations;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What the operator has set, checked: flags before the environment, the environment before `.env`, that before the
/// defaults. Prints nothing, as it holds secrets.
final class Settings {

    /// Passwords that stand in documents, and so are nobody's secret.
    private static final Set<String> KNOWN_PASSWORDS = Set.of(
            "your_secure_password", "postgres", "password", "urvote", "secret", "changeme", "change_me", "admin");

    private final Map<Setting, String> given;
    private final Path workingDirectory;
    private final List<String> warnings;

    private Settings(Map<Setting, String> given, Path workingDirectory, List<String> warnings) {
        this.given = given;
        this.workingDirectory = workingDirectory;
        this.warnings = warnings;
    }

    /// Reads all three places and checks every value, or throws [Command.Failed] (of a flag: [WrongUsage]) with one
    /// line that names the setting.
    static Settings read(Map<String, String> environment, Path workingDirectory, Map<Setting, String> flags) {
        var given = new EnumMap<Setting, String>(Setting.class);
        var warnings = new ArrayList<String>();
        var inFile = dotEnv(workingDirectory.resolve(".env"));
        inFile.forEach((setting, value) -> put(given, setting, value, " in .env"));
        environment.forEach((name, value) -> {
            if (name.startsWith("URVOTE_")) {
                Setting.ofVariable(name)
                        .ifPresentOrElse(
                                setting -> put(given, setting, value, ""),
                                () -> warnings.add(
                                        "%s is no setting of UrVote; .env.example lists them".formatted(name)));
            }
        });
        flags.forEach((setting, value) -> {
            if (!setting.rule.holds().test(value)) {
                throw new WrongUsage(broken(setting, value, ""));
            }
            given.put(setting, value);
        });
        var emptied = Stream.of(inFile.get(Setting.DATABASE_URL), environment.get(Setting.DATABASE_URL.variable()))
                .anyMatch(value -> value != null && value.isBlank());
        if (emptied && !given.containsKey(Setting.DATABASE_URL)) {
            warnings.add("%s is empty: UrVote takes its embedded database".formatted(Setting.DATABASE_URL.variable()));
        }
        var settings = new Settings(given, workingDirectory, List.copyOf(warnings));
        settings.checkTogether();
        return settings;
    }

    private static void put(Map<Setting, String> given, Setting setting, String value, String where) {
        if (value.isBlank()) {
            return;
        }
        if (!setting.rule.holds().test(value)) {
            throw new Command.Failed(broken(setting, value, where));
        }
        given.put(setting, value);
    }

    private static String broken(Setting setting, String value, String where) {
        var shown = setting.secret()
                ? "(the value given is not shown)"
                : "not '%s'".formatted(value.replaceAll("\\p{Cntrl}", "?").replaceFirst("^s3://[^/?]*@", "s3://***@"));
        return "%s%s %s, %s".formatted(setting.variable(), where, setting.rule.words(), shown);
    }

    private static Map<Setting, String> dotEnv(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException e) {
            throw new Command.Failed("%s cannot be read as text: %s".formatted(file, e.getMessage()), e);
        }
        var found = new LinkedHashMap<Setting, String>();
        for (int number = 1; number <= lines.size(); number++) {
            var line = lines.get(number - 1).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new Command.Failed(".env line %d must be NAME=value".formatted(number));
            }
            var name = line.substring(0, equals).strip().replaceFirst("^export\\s+", "");
            int at = number;
            var setting = Setting.ofVariable(name)
                    .orElseThrow(() -> new Command.Failed(
                            ".env line %d: %s is no setting of UrVote; .env.example lists them".formatted(at, name)));
            found.put(setting, unquoted(line.substring(equals + 1).strip()));
        }
        return found;
    }

    private static String unquoted(String value) {
        for (var quote : List.of("\"", "'")) {
            if (value.length() > 1 && value.startsWith(quote) && value.endsWith(quote)) {
                return value.substring(1, value.length() - 1);
            }
        }
        return value.replaceFirst("\\s+#.*$", "");
    }

    private void checkTogether() {
        if (number(Setting.POOL_IDLE) > number(Setting.POOL_MAX)) {
            throw new Command.Failed("URVOTE_POOL_IDLE must not be more than URVOTE_POOL_MAX, but %d is more than %d"
                    .formatted(number(Setting.POOL_IDLE), number(Setting.POOL_MAX)));
        }
        if (port() != 0 && port() == managementPort()) {
            throw new Command.Failed(
                    "URVOTE_MANAGEMENT_PORT must be another than URVOTE_PORT, but both are %d".formatted(port()));
        }
        if (Set.of(Rule.parts(text(Setting.SERVICES))).size() < 3) {
            throw new Command.Failed(
                    "URVOTE_SERVICES must be user,contest,file for now, not '%s'".formatted(text(Setting.SERVICES)));
        }
        for (var own : List.of(Setting.USER_DATABASE_URL, Setting.CONTEST_DATABASE_URL, Setting.FILE_DATABASE_URL)) {
            if (given.containsKey(own) && !given.get(own).equals(given.get(Setting.DATABASE_URL))) {
                throw new Command.Failed(
                        "%s must be absent or equal to URVOTE_DATABASE_URL for now".formatted(own.variable()));
            }
        }
        if (given.containsKey(Setting.APP_DATABASE_URL) && !given.containsKey(Setting.DATABASE_URL)) {
            throw new Command.Failed("URVOTE_DATABASE_URL must be set where URVOTE_APP_DATABASE_URL is");
        }
        if (given.getOrDefault(Setting.UPLOADS, "").startsWith("s3://")) {
            throw new Command.Failed("URVOTE_UPLOADS must be the path of a folder for now, not '%s'"
                    .formatted(given.get(Setting.UPLOADS)));
        }
        var key = given.get(Setting.TWO_FACTOR_KEY);
        if (key != null && Setting.TWO_FACTOR_KEY.isExample(key)) {
            throw new Command.Failed(
                    "URVOTE_TWO_FACTOR_KEY must not be the example, which everybody knows; openssl rand -base64 32"
                            + " writes another");
        }
        if (given.containsKey(Setting.S3_ACCESS_KEY) != given.containsKey(Setting.S3_SECRET_KEY)) {
            throw new Command.Failed("URVOTE_S3_ACCESS_KEY and URVOTE_S3_SECRET_KEY must both be set, or neither");
        }
        if (!demo()) {
            for (var url : List.of(Setting.DATABASE_URL, Setting.APP_DATABASE_URL, Setting.REPLICA_URL)) {
                databaseUrl(url).ifPresent(login -> {
                    if (KNOWN_PASSWORDS.contains(login.password().toLowerCase(Locale.ROOT))
                            || login.password().equals(login.user())) {
                        throw new Command.Failed(
                                "%s must not have a password that everybody knows (the value given is not shown); set another, or URVOTE_MODE=demo"
                                        .formatted(url.variable()));
                    }
                });
            }
        }
    }

    /// One line each, for the operator: nothing that stops the start.
    List<String> warnings() {
        return warnings;
    }

    int port() {
        return number(Setting.PORT);
    }

    int managementPort() {
        return number(Setting.MANAGEMENT_PORT);
    }

    Path dataDir() {
        return workingDirectory.resolve(text(Setting.DATA_DIR)).toAbsolutePath().normalize();
    }

    Optional<DatabaseUrl> databaseUrl() {
        return databaseUrl(Setting.DATABASE_URL);
    }

    Optional<DatabaseUrl> appDatabaseUrl() {
        return databaseUrl(Setting.APP_DATABASE_URL);
    }

    Optional<DatabaseUrl> replicaUrl() {
        return databaseUrl(Setting.REPLICA_URL);
    }

    boolean given(Setting setting) {
        return given.containsKey(setting);
    }

    String publicUrl() {
        return given.getOrDefault(Setting.PUBLIC_URL, "http://localhost:" + port())
                .replaceFirst("/$", "");
    }

    boolean demo() {
        var mode = given.get(Setting.MODE);
        return mode == null ? !given.containsKey(Setting.DATABASE_URL) && publicUrlIsLocal() : mode.equals("demo");
    }

    boolean publicUrlIsLocal() {
        var host = URI.create(publicUrl()).getHost();
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.startsWith("127.")
                || host.equals("[::1]");
    }

    /// What is set, else the default where there is one.
    Optional<String> value(Setting setting) {
        return Optional.ofNullable(given.getOrDefault(setting, setting.usual));
    }

    int number(Setting setting) {
        return Integer.parseInt(text(setting));
    }

    Duration time(Setting setting) {
        return Rule.duration(text(setting));
    }

    /// The same with other ports, once it is known which ones are free.
    Settings withPorts(int port, int managementPort) {
        var moved = new EnumMap<Setting, String>(Setting.class);
        moved.putAll(given);
        moved.put(Setting.PORT, Integer.toString(port));
        moved.put(Setting.MANAGEMENT_PORT, Integer.toString(managementPort));
        return new Settings(moved, workingDirectory, warnings);
    }

    /// What the modules bind: `urvote.data-dir` and so on, folders as absolute paths, what is not set absent. Logins of
    /// databases and keys of buckets are not among them.
    Map<String, Object> properties() {
        var properties = new LinkedHashMap<String, Object>();
        for (var setting : Setting.values()) {
            var value = given.getOrDefault(setting, setting.usual);
            if (value != null
                    && !setting.name().endsWith("DATABASE_URL")
                    && setting != Setting.REPLICA_URL
                    && !setting.name().startsWith("S3_")) {
                properties.put(setting.property(), value);
            }
        }
        properties.put(Setting.PUBLIC_URL.property(), publicUrl());
        properties.put(Setting.MODE.property(), demo() ? "demo" : "production");
        properties.put(Setting.DATA_DIR.property(), dataDir().toString());
        properties.put(
                Setting.UPLOADS.property(), folder(Setting.UPLOADS, "uploads").toString());
        properties.put(Setting.BACKUPS.property(), Backups.of(this).place());
        if (given(Setting.GEOIP)) {
            properties.put(
                    Setting.GEOIP.property(), absolute(text(Setting.GEOIP)).toString());
        }
        return properties;
    }

    /// Every setting as a person may see it: what the modules were given, and no secret.
    List<SettingsInForce.Line> inForce() {
        var bound = properties();
        return Arrays.stream(Setting.values())
                .map(setting -> {
                    var value = bound.get(setting.property());
                    var origin = given(setting)
                            ? SettingsInForce.Origin.GIVEN
                            : value == null ? SettingsInForce.Origin.NONE : SettingsInForce.Origin.USUAL;
                    return new SettingsInForce.Line(
                            setting.variable(),
                            setting.secret() || value == null ? null : value.toString(),
                            origin,
                            setting.secret(),
                            setting.explanation);
                })
                .toList();
    }

    /// As an absolute path; `withoutIt` is below the data folder.
    Path folder(Setting setting, String withoutIt) {
        var path = given.get(setting);
        return path == null ? dataDir().resolve(withoutIt) : absolute(path);
    }

    /// Where the setting names one.
    Optional<BucketUrl> bucket(Setting setting) {
        return Optional.ofNullable(given.get(setting)).filter(BucketUrl::is).map(BucketUrl::parse);
    }

    private Path absolute(String path) {
        return workingDirectory.resolve(path).toAbsolutePath().normalize();
    }

    private Optional<DatabaseUrl> databaseUrl(Setting setting) {
        return Optional.ofNullable(given.get(setting)).map(DatabaseUrl::parse);
    }

    private String text(Setting setting) {
        var value = given.getOrDefault(setting, setting.usual);
        if (value == null) {
            throw new IllegalStateException(setting + " has no default, so ask whether it is given");
        }
        return value;
    }
}
