package rocks.urvote.operations;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// `s3://bucket/prefix?endpoint=https://s3.example.org&region=eu-central-1`: a place in Amazon's S3, or with an
/// endpoint in what speaks like it. Who may come in is not said here.
///
/// @param prefix what names begin with, empty or ending with a slash
public record BucketUrl(String bucket, String prefix, Optional<URI> endpoint, Optional<String> region) {

    private static final String SCHEME = "s3://";
    private static final Pattern SHAPE =
            Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9._/-]*))?(?:\\?(.*))?");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");

    public static boolean is(String text) {
        return text.startsWith(SCHEME);
    }

    /// Refuses what is no such URL in words that do not repeat it.
    public static BucketUrl parse(String text) {
        var parts = SHAPE.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("Not of the form s3://bucket/prefix?endpoint=https://...&region=...");
        }
        Optional<URI> endpoint = Optional.empty();
        Optional<String> region = Optional.empty();
        var query = parts.group(3);
        for (var parameter : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            switch (parameter.substring(0, Math.max(0, equals))) {
                case "endpoint" -> endpoint = Optional.of(endpoint(value(parameter)));
                case "region" -> region = Optional.of(region(value(parameter)));
                default ->
                    throw new IllegalArgumentException(
                            "After the ? stand endpoint=https://... and region=..., and nothing else");
            }
        }
        return new BucketUrl(
                parts.group(1), folder(Optional.ofNullable(parts.group(2)).orElse("")), endpoint, region);
    }

    private static String value(String parameter) {
        return URLDecoder.decode(
                parameter.substring(parameter.indexOf('=') + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static URI endpoint(String text) {
        try {
            var uri = new URI(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("The endpoint is no address", e);
        }
        throw new IllegalArgumentException("The endpoint is no http or https address of a server");
    }

    private static String region(String text) {
        if (!REGION.matcher(text).matches()) {
            throw new IllegalArgumentException("The region is no name like eu-central-1");
        }
        return text;
    }

    private static String folder(String path) {
        var name = path.replaceAll("^/+|/+$", "");
        return name.isEmpty() ? "" : name + "/";
    }

    /// What `s3://bucket/prefix/name?...` is in, and its name.
    public record Named(BucketUrl place, String name) {}

    public static Named parseNamed(String text) {
        var whole = parse(text);
        var path = whole.prefix.replaceFirst("/$", "");
        if (path.isEmpty()) {
            throw new IllegalArgumentException("There is no name after the bucket");
        }
        int slash = path.lastIndexOf('/');
        return new Named(
                new BucketUrl(whole.bucket, path.substring(0, slash + 1), whole.endpoint, whole.region),
                path.substring(slash + 1));
    }

    /// The address of something in it, as it is parsed.
    public String address(String name) {
        var query = new StringBuilder();
        endpoint.ifPresent(uri -> query.append("?endpoint=").append(uri));
        region.ifPresent(text ->
                query.append(query.isEmpty() ? "?" : "&").append("region=").append(text));
        return SCHEME + bucket + "/" + prefix + name + query;
    }

    @Override
    public String toString() {
        return address("");
    }
}
