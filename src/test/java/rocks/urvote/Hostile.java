package rocks.urvote;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What nobody should send, but somebody will.
final class Hostile {

    private static final String DEEP = "[".repeat(20_000) + "]".repeat(20_000);

    /// Text that may be taken or refused, and must come to no harm either way.
    static final List<String> TEXTS = List.of(
            "",
            " ",
            "'; drop table users; --",
            "<script>alert('hostile')</script>\"'>&amp;",
            "${7*7}#{7*7}{{7*7}}%s%n\\",
            "\u202Eevil\u202C \u2066x\u2069",
            "bell\u0007 escape\u001B[31m return\r\nSet-Cookie: a=b",
            "nul\u0000nul",
            "\uFEFF\u2028\u200B",
            "Z\u0351\u036B\u0343\u036A\u0302a\u035B\u034Dl\u033E\u0313g\u0358o 👩‍👩‍👧‍👦🏳️‍🌈",
            "👍".repeat(255),
            "ﷺİß".repeat(80),
            "../../../etc/passwd",
            "%00%0d%0a",
            "javascript:alert(1)",
            "1e999",
            "9223372036854775808",
            "-1",
            "2026-02-30T25:61:00Z",
            "-999999999-01-01T00:00:00Z",
            "+999999999-12-31T23:59:59Z",
            "null",
            "x".repeat(5_000));

    /// The same, as they stand in a query, a form, or a piece of a path; and some that no text becomes.
    static final List<String> ENCODED = Stream.concat(
                    TEXTS.stream().map(text -> URLEncoder.encode(text, StandardCharsets.UTF_8)),
                    Stream.of("%00", "%ff%fe", "%c0%af", "%ed%a0%80", "%e2%82", "1.0", "0", "99999999999999999999"))
            .toList();

    /// Pieces of a path that are the id of nothing.
    static final List<String> IDS = List.of(
            "x",
            "0",
            "-1",
            "1.0",
            "1e3",
            "+1",
            "01",
            "0x1",
            "%31%20",
            "%D9%A1",
            "9223372036854775807",
            "99999999999999999999",
            "%2e%2e",
            "..%2f..%2fetc%2fpasswd",
            "%00",
            "1%00",
            "%0d%0aSet-Cookie:a=b",
            "%3Cscript%3Ealert('hostile')%3C/script%3E",
            "'%20or%201=1--",
            "1;x=y",
            "%ff",
            "%ed%a0%80",
            "%5c",
            "%F0%9F%91%8D",
            "x".repeat(2_000));

    /// Bodies that are no JSON object, or none that could be read.
    static final List<String> BODIES = List.of(
            "null",
            "[]",
            "[{}]",
            "7",
            "1e999",
            "\"x\"",
            "true",
            "{",
            "}",
            "{\"title\"",
            "{\"title\": \"x",
            "{\"title\": \"x\",}",
            "{title: 'x'}",
            "{\"title\": NaN}",
            "{} {}",
            "{\"a\": 1, \"a\": 2}",
            "{\"\\u0000\": 1}",
            "{\"surprise\": 1}",
            "{\"\": \"\"}",
            "{\"title\": \"\\uZZZZ\"}",
            "{\"title\": \"\\x\"}",
            "{\"title\": \"raw\u0000nul\"}",
            "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
            "\u0000",
            "\uFEFF",
            "   ",
            DEEP,
            "{\"a\":".repeat(20_000),
            "{\"%s\": 1}".formatted("k".repeat(60_000)),
            "{\"title\": \"%s\"}".formatted("x".repeat(2 * 1024 * 1024)),
            " ".repeat(2 * 1024 * 1024) + "{}");

    private static final Map<String, String> SAMPLES = Map.ofEntries(
            Map.entry("code", "\"123456\""),
            Map.entry("username", "\"hostile\""),
            Map.entry("password", "\"correct horse battery staple\""),
            Map.entry("slug", "\"hostile\""),
            Map.entry("website_url", "\"https://example.org/\""),
            Map.entry("role", "\"moderator\""),
            Map.entry("brand", "\"#123456\""),
            Map.entry("accent", "\"#654321\""),
            Map.entry("license_type", "\"cc_by\""),
            Map.entry("external_link", "\"https://www.youtube.com/watch?v=dQw4w9WgXcQ\""),
            Map.entry("start_date", "\"2026-01-01T00:00:00Z\""),
            Map.entry("end_date", "\"2099-01-01T00:00:00Z\""),
            Map.entry("submissions_open", "\"2026-01-01T00:00:00Z\""),
            Map.entry("submissions_close", "\"2098-01-01T00:00:00Z\""),
            Map.entry("time_zone", "\"UTC\""),
            Map.entry("hide_counts", "\"never\""),
            Map.entry("captcha", "\"off\""),
            Map.entry("votes_per_song_per_day", "1"),
            Map.entry("allowed_countries", "[\"DE\"]"),
            Map.entry("blocked_countries", "[\"FR\"]"));

    private Hostile() {}

    /// What a property of this kind never is, as JSON.
    static List<String> wrong(Type type) {
        return switch (raw(type).getSimpleName()) {
            case "String" ->
                List.of(
                        "7",
                        "1.5",
                        "true",
                        "[]",
                        "[\"x\"]",
                        "{}",
                        "\"\\u0000\"",
                        "\"\\ud800\"",
                        "\"\\udc00\\ud800\"",
                        "\"%s\"".formatted("x".repeat(100_000)),
                        DEEP);
            case "Integer", "int", "Long", "long" ->
                List.of(
                        "\"x\"",
                        "\"7\"",
                        "\"\"",
                        "1.5",
                        "1e2",
                        "1e999",
                        "2147483648",
                        "9223372036854775808",
                        "9".repeat(2_000),
                        "true",
                        "[]",
                        "[7]",
                        "{}");
            case "Boolean", "boolean" -> List.of("\"true\"", "\"\"", "0", "1", "[]", "[true]", "{}");
            case "List", "Set" -> List.of("7", "\"x\"", "{}", "[7]", "[[]]", "[{}]", "[\"\\u0000\"]", DEEP);
            case "JsonNode", "ObjectNode" -> List.of("7", "\"x\"", "[]", "{\"a\": \"\\u0000\"}", DEEP);
            default -> List.of("7", "\"x\"", "[]", "true", "{\"surprise\": 1}");
        };
    }

    /// What it may be, on a bad day.
    static List<String> odd(Type type) {
        return switch (raw(type).getSimpleName()) {
            case "String" ->
                Stream.concat(Stream.of("null"), TEXTS.stream().map(Hostile::json))
                        .toList();
            case "Integer", "int", "Long", "long" -> List.of("null", "-1", "0", "2147483647", "-2147483648");
            case "Boolean", "boolean" -> List.of("null", "true", "false");
            case "List", "Set" ->
                List.of("null", "[]", "[null]", "[\"\"]", json(TEXTS), json(List.of("DE", "DE", "de", "ZZ")));
            case "JsonNode", "ObjectNode" ->
                List.of("null", "{}", "{\"\": null}", "{\"a\": 1e999}", "{\"a\": %s}".formatted(json(TEXTS)));
            default -> List.of("null", "{}");
        };
    }

    /// The properties of a body and their kinds; those within another have a path such as `theme.brand`.
    static Map<String, Type> properties(Class<?> body) {
        var properties = new LinkedHashMap<String, Type>();
        for (var component : components(body)) {
            properties.put(name(component), component.getGenericType());
            properties(raw(component.getGenericType()))
                    .forEach((inner, type) -> properties.put(name(component) + "." + inner, type));
        }
        return properties;
    }

    /// A body with all its properties, one of which is `value`.
    static String body(Class<?> body, String path, String value) {
        return components(body).stream()
                .map(component -> {
                    var name = name(component);
                    var here = path.equals(name)
                            ? value
                            : path.startsWith(name + ".")
                                    ? body(raw(component.getGenericType()), path.substring(name.length() + 1), value)
                                    : sample(name, component.getGenericType());
                    return "\"%s\": %s".formatted(name, here);
                })
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /// The one property alone.
    static String alone(String path, String value) {
        var body = value;
        for (var name : Arrays.asList(path.split("\\.")).reversed()) {
            body = "{\"%s\": %s}".formatted(name, body);
        }
        return body;
    }

    /// A value as good as any for the field of a form.
    static String sample(String field) {
        var json = SAMPLES.getOrDefault(field, field.startsWith("max_") ? "3" : "\"x\"");
        return field.contains("email") ? "hostile@example.org" : json.replaceAll("[\\[\\]\"]", "");
    }

    private static String sample(String name, Type type) {
        if (name.contains("email")) {
            return "\"hostile@example.org\"";
        }
        return SAMPLES.getOrDefault(
                name,
                switch (raw(type).getSimpleName()) {
                    case "String" -> "\"x\"";
                    case "Integer", "int", "Long", "long" -> "3";
                    case "Boolean", "boolean" -> "true";
                    case "List", "Set" -> "[]";
                    case "JsonNode", "ObjectNode" -> "{}";
                    default -> body(raw(type), "", "");
                });
    }

    private static List<RecordComponent> components(Class<?> body) {
        return body.isRecord() ? List.of(body.getRecordComponents()) : List.of();
    }

    private static String name(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : (Class<?>) type;
    }

    private static String json(List<String> texts) {
        return texts.stream().map(Hostile::json).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String json(String text) {
        var json = new ArrayList<String>();
        text.chars().forEach(unit -> json.add("\\u%04x".formatted(unit)));
        return json.stream().collect(Collectors.joining("", "\"", "\""));
    }
}
