package rocks.urvote.operations;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Everything an operator can set. Each has a name, `URVOTE_PORT`, a flag, `--urvote-port` or `--port`, and reaches the
/// modules as a property, `urvote.port`.
enum Setting {
    PORT("8080", Rule.wholeNumber(0, 65535), "Where UrVote is served. 0 takes any free port."),
    MANAGEMENT_PORT(
            "9090",
            Rule.wholeNumber(0, 65535),
            "Health and metrics, on this machine only (127.0.0.1). 0 takes any free port."),
    PUBLIC_URL(
            null,
            Rule.webAddress(),
            "What people type to come here, and what links in mails start with. Without it: http://localhost and the"
                    + " port.",
            "https://vote.example.org"),
    DATA_DIR("./data", Rule.folder(), "The folder of everything UrVote keeps: database, uploads, mails, keys, logs."),
    MODE(
            null,
            Rule.oneOf("demo", "production"),
            "demo loads sample contests into an empty database; production refuses known passwords and logs to its"
                    + " output. Without it: demo with the embedded database on a localhost address, else production.",
            "production"),
    SERVICES(
            "user,contest,file",
            Rule.someOf("user", "contest", "file"),
            "Which of the three services this process runs. All three for now."),

    DATABASE_URL(
            null,
            Rule.databaseUrl(),
            "A PostgreSQL 15 to 18 of your own; the login of the owner of its database, or of a superuser."
                    + " Without it: the embedded PostgreSQL in the data folder.",
            "postgresql://user:password@localhost:5432/urvote"),
    APP_DATABASE_URL(
            null,
            Rule.databaseUrl(),
            "The application's own login, where its password is not to follow from the owner's.",
            "postgresql://urvote_user:password@localhost:5432/urvote"),
    USER_DATABASE_URL(
            null,
            Rule.databaseUrl(),
            "A database of its own for the user service. Not yet: refused when it differs from URVOTE_DATABASE_URL.",
            "postgresql://user:password@localhost:5432/urvote"),
    CONTEST_DATABASE_URL(
            null,
            Rule.databaseUrl(),
            "The same for the contest service.",
            "postgresql://user:password@localhost:5432/urvote"),
    FILE_DATABASE_URL(
            null,
            Rule.databaseUrl(),
            "The same for the file service.",
            "postgresql://user:password@localhost:5432/urvote"),
    REPLICA_URL(
            null,
            Rule.databaseUrl(),
            "A replica for leaderboards and listings. Nothing reads from it yet.",
            "postgresql://user:password@replica:5432/urvote"),
    POOL_IDLE("20", Rule.wholeNumber(1, 1000), "Connections to the database kept at rest."),
    POOL_MAX("50", Rule.wholeNumber(1, 1000), "Connections to the database at most."),
    POOL_MAX_AGE("1h", Rule.duration(Duration.ofSeconds(30)), "No connection grows older than this."),

    UPLOADS(
            null,
            Rule.folderOrBucket(),
            "Where songs are kept. Without it: uploads/ in the data folder. s3:// is not there yet.",
            "/srv/urvote/uploads"),
    BACKUPS(
            null,
            Rule.folderOrBucket(),
            "Where backups are kept: a folder, or"
                    + " s3://bucket/prefix?endpoint=https://s3.example.org&region=eu-central-1. Without it: backups/ in"
                    + " the data folder.",
            "/srv/urvote/backups"),
    S3_ACCESS_KEY(
            null,
            Rule.bucketKey(),
            "The access key of the bucket. Without it: AWS_ACCESS_KEY_ID, or whatever else Amazon's tools find on the"
                    + " machine.",
            "AKIAIOSFODNN7EXAMPLE"),
    S3_SECRET_KEY(
            null,
            Rule.bucketKey(),
            "Its secret key. Without it: AWS_SECRET_ACCESS_KEY.",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    BACKUP_HOUR(
            "3",
            Rule.hourOrNever(),
            "The hour of this machine's day when a backup is made, or never. Of several nodes without a common folder,"
                    + " one is enough."),
    BACKUP_DAYS("30", Rule.wholeNumber(1, 36_500), "For how many days every backup is kept."),
    BACKUP_MONTHS("12", Rule.wholeNumber(0, 1_200), "For how many months after that the first of each is kept."),
    BACKUP_RECIPIENT(
            null,
            Rule.agePublicKey(),
            "The public key of age for which backups are encrypted. Without it they are not.",
            "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"),
    PG_TOOLS(
            null,
            Rule.folderOrNone(),
            "The folder of pg_dump and pg_restore, or none for UrVote's own form of a backup. Without it: those of the"
                    + " database's version or newer, where packages put them.",
            "/usr/lib/postgresql/18/bin"),

    FIGURES_EVERY(
            "30s",
            Rule.duration(Duration.ofSeconds(1)),
            "How often the database is asked for the figures at /metrics: sizes, connections, locks, lag."),

    CARE_HOUR(
            "4",
            Rule.wholeNumber(0, 23),
            "The hour of this machine's day for routine work that takes long: care of the tables, and forgetting."),
    PRIVACY_DAYS(
            "90",
            Rule.wholeNumber(1, 36_500),
            "For how many days after a contest's end the addresses, devices and places of its votes are kept."),

    SMTP_URL(
            null,
            Rule.mailServer(),
            "The mail server. Without it mails are written as .eml files to outbox/ in the data folder.",
            "smtp://user:password@mail.example.org:587"),
    MAIL_FROM("UrVote <no-reply@localhost>", Rule.mailbox(), "Whom mails come from."),

    GEOIP(
            null,
            Rule.file(),
            "An .mmdb file that knows the countries of addresses. Without it: the data of DB-IP that comes with"
                    + " UrVote.",
            "/usr/share/GeoIP/GeoLite2-Country.mmdb"),

    ACCESS_TOKEN_AGE("15m", Rule.duration(Duration.ofSeconds(10)), "How long an access token is good."),
    REFRESH_TOKEN_AGE("30d", Rule.duration(Duration.ofMinutes(1)), "How long one stays signed in without coming back."),
    TWO_FACTOR(
            "optional",
            Rule.oneOf("optional", "admins", "admins,owners"),
            "Who must have a second factor, an app or a passkey: optional for everybody, required for admins, or for"
                    + " admins and the owners of clients."),
    TWO_FACTOR_KEY(
            null,
            Rule.key(),
            "The key under which the secrets of apps lie in the database, the same on every node. Without it they lie"
                    + " there as they are. When it is lost, everybody sets up their app again.",
            "nK0Rr7dJ1m3oPzE0aT4Vw9yq2xB8sUuLhGf6cDi5XZk="),
    TRUSTED_PROXIES(
            null,
            Rule.networks(),
            "Proxies whose X-Forwarded-For is believed: addresses and networks. Without it: nobody's.",
            "10.0.0.0/8,127.0.0.1"),
    CODES_PER_MAILBOX("5", Rule.wholeNumber(1, 1_000_000), "Sign-in codes and resets for one mailbox in an hour."),
    CODES_PER_ADDRESS(
            "600", Rule.wholeNumber(1, 1_000_000), "Sign-in codes and resets for one client address in an hour."),
    VOTES_PER_VOTER("120", Rule.wholeNumber(1, 1_000_000), "Tries to vote by one voter in a minute."),
    VOTES_PER_ADDRESS("6000", Rule.wholeNumber(1, 1_000_000), "Tries to vote from one client address in a minute."),
    VOTE_WRITERS(
            "1",
            Rule.wholeNumber(1, 64),
            "Connections that write votes, many in one commit. One makes the largest batches; more need more"
                    + " processors."),
    VOTE_QUEUE(
            "2000",
            Rule.wholeNumber(1, 100_000),
            "Votes that may wait for each of them. One more is refused with 503 at once."),
    CONNECTIONS_PER_ADDRESS("1000", Rule.wholeNumber(1, 1_000_000), "Connections from one client address at a time."),
    REQUESTS_AT_ONCE(
            "1000",
            Rule.wholeNumber(1, 1_000_000),
            "Requests that are answered at a time, streams and songs on their way not counted. One more is refused with"
                    + " 503 at once."),
    REQUEST_PATIENCE(
            "20s",
            Rule.duration(Duration.ofSeconds(1)),
            "How long the head of a request may take to arrive, and how long somebody may neither send nor read"
                    + " anything."),
    STREAMS("2000", Rule.wholeNumber(1, 1_000_000), "Live leaderboards that are watched at a time."),
    UPLOADS_AT_ONCE("50", Rule.wholeNumber(1, 10_000), "Songs that arrive at a time, of one person three at most."),
    DRAIN(
            "0s",
            Rule.duration(Duration.ZERO),
            "How long a stop waits before it begins: no longer ready, but serving, until the proxy sends everyone to"
                    + " another node.");

    final @Nullable String usual;

    @SuppressWarnings("ImmutableEnumChecker") // its check is a lambda without state
    final Rule rule;

    final String explanation;
    private final String example;

    Setting(String usual, Rule rule, String explanation) {
        this(usual, rule, explanation, usual);
    }

    Setting(@Nullable String usual, Rule rule, String explanation, String example) {
        this.usual = usual;
        this.rule = rule;
        this.explanation = explanation;
        this.example = example;
    }

    /// `URVOTE_PUBLIC_URL`
    String variable() {
        return "URVOTE_" + name();
    }

    /// `public-url`
    String flag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// `urvote.public-url`
    String property() {
        return "urvote." + flag();
    }

    /// Its value is never shown: it holds, or may hold, a password.
    boolean secret() {
        return rule.words().contains("password");
    }

    static Optional<Setting> ofVariable(String variable) {
        return Arrays.stream(values())
                .filter(setting -> setting.variable().equals(variable))
                .findFirst();
    }

    /// The setting behind `--URVOTE_PORT`, `--urvote-port` or `--port`.
    static Optional<Setting> ofFlag(String flag) {
        return Arrays.stream(values())
                .filter(setting -> flag.equals("--" + setting.variable())
                        || flag.equals("--urvote-" + setting.flag())
                        || flag.equals("--" + setting.flag()))
                .findFirst();
    }

    /// Whether it is the one that stands in the documents.
    boolean isExample(String value) {
        return value.equals(example);
    }

    /// The text of `.env.example`.
    static String example() {
        return Arrays.stream(values())
                .map(setting -> "# %s\n# %s=%s\n".formatted(setting.explanation, setting.variable(), setting.example))
                .collect(Collectors.joining("\n", """
                    # Everything UrVote can be told. Copy this file to .env and take away the # of what you set; the values
                    # shown are the defaults, or examples where a line says what happens without it. Variables of the
                    # environment win over .env, flags (--port 8081) win over both.

                    """, ""));
    }
}
