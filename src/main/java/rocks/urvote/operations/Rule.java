package rocks.urvote.operations;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What the text of a setting has to be, in words and as a check.
record Rule(String words, Predicate<String> holds) {

    private static final Pattern DURATION = Pattern.compile("(0|[1-9][0-9]{0,5})([smhd])");

    static Rule wholeNumber(int least, int most) {
        return new Rule("must be a whole number from %d to %d".formatted(least, most), text -> {
            if (!text.matches("[0-9]{1,9}")) {
                return false;
            }
            int number = Integer.parseInt(text);
            return least <= number && number <= most;
        });
    }

    static Rule duration(Duration least) {
        return new Rule(
                "must be a time of at least %s, like 90s, 15m, 1h or 30d".formatted(Rule.text(least)),
                text -> DURATION.matcher(text).matches() && duration(text).compareTo(least) >= 0);
    }

    static Rule oneOf(String... words) {
        return new Rule("must be " + String.join(" or ", words), Set.of(words)::contains);
    }

    static Rule someOf(String... words) {
        return new Rule(
                "must be one or more of %s, with commas between".formatted(String.join(", ", words)),
                text -> parts(text).length > 0 && Set.of(words).containsAll(Arrays.asList(parts(text))));
    }

    static Rule webAddress() {
        return new Rule("must be an address like https://vote.example.org, without a path", text -> {
            try {
                var uri = new URI(text);
                return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                        && uri.getHost() != null
                        && uri.getRawUserInfo() == null
                        && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
                        && uri.getRawQuery() == null
                        && uri.getRawFragment() == null;
            } catch (URISyntaxException e) {
                return false;
            }
        });
    }

    static Rule databaseUrl() {
        return new Rule("must be postgresql://user:password@host:port/name", text -> {
            try {
                DatabaseUrl.parse(text);
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        });
    }

    static Rule mailServer() {
        return new Rule(
                "must be smtp://user:password@host:port or smtps://..., user and password where needed", text -> {
                    try {
                        var uri = new URI(text);
                        return ("smtp".equals(uri.getScheme()) || "smtps".equals(uri.getScheme()))
                                && uri.getHost() != null;
                    } catch (URISyntaxException e) {
                        return false;
                    }
                });
    }

    static Rule mailbox() {
        return new Rule(
                "must be an address, or a name with one: UrVote <no-reply@example.org>",
                Pattern.compile("[^<>\\r\\n@]+@[^<>\\s@]+|[^<>\\r\\n]*<[^<>\\s@]+@[^<>\\s@]+>")
                        .asMatchPredicate());
    }

    static Rule folder() {
        return new Rule("must be the path of a folder", Rule::isPath);
    }

    static Rule file() {
        return new Rule("must be the path of a file", Rule::isPath);
    }

    static Rule folderOrBucket() {
        return new Rule("must be the path of a folder, or s3://bucket/prefix?endpoint=https://...&region=...", text -> {
            if (!BucketUrl.is(text)) {
                return isPath(text);
            }
            try {
                BucketUrl.parse(text);
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        });
    }

    static Rule bucketKey() {
        return new Rule(
                "must be a key of the bucket without blanks, and is kept like a password",
                Pattern.compile("[\\x21-\\x7e]{1,512}").asMatchPredicate());
    }

    static Rule folderOrNone() {
        return new Rule("must be the path of a folder, or none", Rule::isPath);
    }

    static Rule hourOrNever() {
        return new Rule(
                "must be an hour from 0 to 23, or never",
                text -> text.equals("never") || wholeNumber(0, 23).holds().test(text));
    }

    static Rule agePublicKey() {
        return new Rule(
                "must be a public key of age: age1...",
                Pattern.compile("age1[02-9ac-hj-np-z]{58}").asMatchPredicate());
    }

    static Rule key() {
        return new Rule(
                "must be 32 bytes in base64, kept like a password, as openssl rand -base64 32 writes them",
                Pattern.compile("[A-Za-z0-9+/]{43}=").asMatchPredicate());
    }

    static Rule networks() {
        return new Rule(
                "must be addresses or networks like 10.0.0.0/8, with commas between",
                text -> Arrays.stream(parts(text)).allMatch(Rule::isNetwork));
    }

    /// Reads what [#duration] lets through.
    static Duration duration(String text) {
        var parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("%s is no time like 90s, 15m, 1h or 30d".formatted(text));
        }
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /// The parts of a list with commas between, blanks aside.
    static String[] parts(String text) {
        return text.strip().split("\\s*,\\s*", -1);
    }

    private static String text(Duration duration) {
        return duration.toMinutes() > 0 ? duration.toMinutes() + "m" : duration.toSeconds() + "s";
    }

    private static boolean isPath(String text) {
        try {
            return !Path.of(text).toString().isBlank();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static boolean isNetwork(String text) {
        var parts = text.split("/", -1);
        try {
            int bits = InetAddress.ofLiteral(parts[0]).getAddress().length * 8;
            return parts.length == 1
                    || (parts.length == 2 && wholeNumber(0, bits).holds().test(parts[1]));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
