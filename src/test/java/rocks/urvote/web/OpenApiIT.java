package rocks.urvote.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.RunningUrVote;
import tools.jackson.databind.JsonNode;

class OpenApiIT {

    static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    static RunningUrVote urvote;
    static JsonNode api;
    static String version;

    @BeforeAll
    static void start() throws Exception {
        urvote = RunningUrVote.start();
        var answer = Api.visitor(urvote).get("/api/v1/openapi.json");
        assertThat(answer.status()).isEqualTo(200);
        api = answer.json();
        version = answer.header("ETag");
        Files.writeString(Path.of("target/openapi.json"), api.toPrettyString());
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @Test
    void isOneOpenApiDocumentWhoseReferencesAllLeadSomewhere() {
        assertThat(api.path("openapi").asString()).startsWith("3.1.");
        assertThat(api.at("/info/title").asString()).isEqualTo("UrVote");
        assertThat(api.at("/info/version").asString("")).isNotEmpty();
        assertThat(api.at("/info/license/identifier").asString()).isEqualTo("Apache-2.0");
        assertThat(api.at("/servers/0/url").asString()).startsWith("http");
        assertThat(version).isNotEmpty();
        var references = new ArrayList<String>();
        everywhere(api, (name, value) -> {
            if (name.equals("$ref")) {
                references.add(value.asString());
            }
        });

        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            assertThat(reference).startsWith("#/");
            assertThat(api.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        });
    }

    @Test
    void tellsOfEveryCallAndOfNoOther() {
        var routes = new TreeSet<String>();
        urvote.bean(RequestMappingHandlerMapping.class).getHandlerMethods().forEach((mapping, handler) -> {
            if (handler.getBeanType().getName().startsWith("rocks.urvote.")) {
                mapping.getPatternValues().stream()
                        .filter(path -> path.startsWith("/api/v1/"))
                        .forEach(path -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> routes.add(method + " " + path)));
            }
        });

        assertThat(operations().keySet()).isEqualTo(routes);
    }

    @Test
    void everyCallHasANameAndSaysWhatItAnswersAndHowItFails() {
        var names = new ArrayList<String>();

        assertThat(operations()).allSatisfy((call, operation) -> {
            names.add(operation.path("operationId").asString());
            assertThat(operation.path("operationId").asString()).matches("[a-z][A-Za-z]+");
            assertThat(operation.path("tags").path(0).asString()).matches("[a-z]+s");
            assertThat(operation.at("/responses/default/$ref").asString()).isEqualTo("#/components/responses/Problem");
            var successes = operation.path("responses").propertyNames().stream()
                    .filter(status -> status.startsWith("2"))
                    .toList();
            assertThat(successes).isNotEmpty();
            for (var status : successes) {
                var content = operation.path("responses").path(status).path("content");
                assertThat(content.isMissingNode() || content.isEmpty())
                        .as("%s %s has no content", call, status)
                        .isEqualTo(Set.of("202", "204").contains(status));
                content.properties().stream()
                        .filter(type -> !type.getKey().equals("audio/*"))
                        .forEach(type -> assertThat(
                                        type.getValue().path("schema").isEmpty())
                                .as(call)
                                .isFalse());
            }
            operation
                    .at("/requestBody/content")
                    .forEach(type ->
                            assertThat(type.path("schema").isEmpty()).as(call).isFalse());
        });
        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void propertiesAndQueriesAreInSnakeCaseAndNothingOfTheInsideShows() {
        var names = new TreeSet<String>();
        everywhere(api, (name, value) -> {
            if (name.equals("properties")) {
                names.addAll(value.propertyNames());
            }
            if (name.equals("enum")) {
                value.forEach(word -> names.add(word.asString()));
            }
        });
        operations()
                .values()
                .forEach(operation -> operation.path("parameters").forEach(parameter -> {
                    if (parameter.path("in").asString("").equals("query")) {
                        names.add(parameter.path("name").asString());
                    }
                }));

        assertThat(names).contains("artist_name", "next_cursor").allMatch(name -> name.matches("[a-z][a-z0-9_]*"));
        assertThat(api.at("/components/schemas").propertyNames())
                .allMatch(name -> name.matches("[A-Z][A-Za-z]+"))
                .doesNotContain(
                        "Caller", "Window", "JsonNode", "ObjectNode", "ProblemDetail", "View", "Inside", "Wanted");
        assertThat(api.toString())
                .doesNotContain("rocks.urvote")
                .doesNotContain("Json\"")
                .doesNotContain("java");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        POST /api/v1/users                              | 202 | 400 malformed, 403 csrf, 409 username_taken, 422 invalid, 429 rate_limited
        POST /api/v1/email-verifications                | 204 | 410 token_gone, 422 invalid
        POST /api/v1/sign-in-codes                      | 202 | 422 invalid, 429 rate_limited
        POST /api/v1/sessions                           | 201 | 401 invalid_credentials, 429 rate_limited
        POST /api/v1/sessions/refresh                   | 201 | 401 invalid_credentials, 401 sign_in_required
        DELETE /api/v1/sessions/current                 | 204 | 401 sign_in_required, 403 csrf
        POST /api/v1/password-resets                    | 202 | 422 invalid, 429 rate_limited
        PUT /api/v1/password-resets/{token}             | 204 | 410 token_gone, 422 invalid
        GET /api/v1/me                                  | 200 | 401 sign_in_required
        PATCH /api/v1/me                                | 200 | 409 username_taken, 422 invalid
        GET /api/v1/me/votes                            | 200 | 401 sign_in_required, 422 invalid
        GET /api/v1/me/songs                            | 200 | 401 sign_in_required, 422 invalid
        GET /api/v1/clients                             | 200 | 422 invalid
        GET /api/v1/clients/{slug}                      | 200 | 404 not_found
        POST /api/v1/clients                            | 201 | 403 forbidden, 409 client_exists, 422 invalid
        PATCH /api/v1/clients/{slug}                    | 200 | 403 forbidden, 404 not_found, 422 invalid
        GET /api/v1/clients/{slug}/members              | 200 | 403 forbidden, 404 not_found
        PUT /api/v1/clients/{slug}/members/{user}       | 200 | 403 forbidden, 404 not_found, 409 last_owner, 422 invalid
        DELETE /api/v1/clients/{slug}/members/{user}    | 204 | 403 forbidden, 404 not_found, 409 last_owner
        GET /api/v1/contests                            | 200 | 422 invalid
        POST /api/v1/clients/{slug}/contests            | 201 | 403 forbidden, 404 not_found, 409 contest_exists, 422 invalid
        GET /api/v1/contests/{contest}                  | 200 | 404 not_found
        PATCH /api/v1/contests/{contest}                | 200 | 403 forbidden, 404 not_found, 409 contest_exists, 409 contest_has_begun
        GET /api/v1/contests/{contest}/songs            | 200 | 403 counts_hidden, 404 not_found, 422 invalid
        GET /api/v1/contests/{contest}/stats            | 200 | 401 sign_in_required, 403 forbidden, 404 not_found
        GET /api/v1/contests/{contest}/leaderboard      | 200 | 404 not_found, 422 invalid
        GET /api/v1/contests/{contest}/leaderboard/stream | 200 | 404 not_found, 422 invalid
        POST /api/v1/contests/{contest}/songs           | 201 | 403 email_not_verified, 409 entry_limit_reached, 409 duplicate_file, 409 submissions_closed, 413 file_too_large, 415 not_audio, 422 invalid
        GET /api/v1/songs/{song}                        | 200 | 404 not_found
        PATCH /api/v1/songs/{song}                      | 200 | 403 forbidden, 404 not_found, 409 already_approved, 409 already_withdrawn, 415 not_audio
        DELETE /api/v1/songs/{song}                     | 204 | 403 forbidden, 404 not_found
        GET /api/v1/songs/{song}/audio                  | 200 | 404 not_found, 416 range_not_satisfiable
        GET /api/v1/songs/{song}/waveform               | 200 | 404 not_found, 404 no_waveform
        GET /api/v1/clients/{slug}/songs                | 200 | 403 forbidden, 404 not_found, 422 invalid
        POST /api/v1/songs/{song}/approval              | 200 | 403 forbidden, 409 changed_meanwhile, 409 not_pending
        POST /api/v1/songs/{song}/rejection             | 200 | 403 forbidden, 409 not_pending, 422 invalid
        POST /api/v1/songs/{song}/votes                 | 201 | 401 sign_in_required, 403 email_not_verified, 403 own_song, 403 not_eligible, 404 song_not_found, 409 voting_closed, 409 already_voted, 422 idempotency_key_reused, 429 daily_limit_reached, 429 rate_limited, 503 busy
        DELETE /api/v1/songs/{song}/votes/today         | 204 | 404 not_found, 409 voting_closed, 429 rate_limited
        """)
    void saysWhatTheContractSays(String call, String status, String refusals) {
        var operation = operation(call);

        assertThat(operation.path("responses").propertyNames()).contains(status);
        for (var refusal : Pattern.compile(", ").splitAsStream(refusals).toList()) {
            var codes = operation
                    .path("responses")
                    .path(refusal.substring(0, 3))
                    .at("/content/application~1problem+json/schema/allOf/1/properties/code/enum");
            assertThat(codes.valueStream().map(JsonNode::asString)).as(call).contains(refusal.substring(4));
        }
    }

    @Test
    void tellsWhoMustSignIn() {
        assertThat(operation("POST /api/v1/songs/{song}/votes").path("security"))
                .hasSize(2);
        assertThat(operation("GET /api/v1/songs/{song}").path("security")).hasSize(3);
        assertThat(operation("GET /api/v1/clients").path("security")).isEmpty();
        assertThat(api.at("/components/securitySchemes/bearer/bearerFormat").asString())
                .isEqualTo("JWT");
        assertThat(api.at("/components/securitySchemes/cookie/name").asString()).isEqualTo("access");
    }

    @Test
    void listsTakeALimitAndACursorAndNothingElseOfTheWindow() {
        var parameters = operation("GET /api/v1/contests").path("parameters");

        assertThat(parameters
                        .valueStream()
                        .map(parameter -> parameter.has("$ref")
                                ? parameter.path("$ref").asString()
                                : parameter.path("name").asString()))
                .containsExactlyInAnyOrder(
                        "client", "state", "#/components/parameters/limit", "#/components/parameters/cursor");
        assertThat(api.at("/components/parameters/limit/schema/maximum").asInt())
                .isEqualTo(200);
        assertThat(api.at("/components/parameters/limit/schema/default").asInt())
                .isEqualTo(50);
    }

    @Test
    void everyListTellsWhatItIsAListOf() {
        operations().forEach((call, operation) -> {
            var limited = operation
                    .path("parameters")
                    .valueStream()
                    .anyMatch(parameter -> parameter.path("$ref").asString("").endsWith("/cursor"));
            if (limited) {
                var name = operation
                        .at("/responses/200/content/application~1json/schema/$ref")
                        .asString()
                        .replaceFirst(".*/", "");
                assertThat(schema(name).at("/properties/items/items/$ref").asString())
                        .as(call)
                        .isEqualTo("#/components/schemas/" + name.replaceFirst("ListOf", ""));
            }
        });
    }

    @Test
    void aSongIsSentAsJsonOrAsAFormWithItsFile() {
        var content = operation("POST /api/v1/contests/{contest}/songs").at("/requestBody/content");

        assertThat(content.propertyNames()).containsExactlyInAnyOrder("application/json", "multipart/form-data");
        assertThat(content.at("/multipart~1form-data/schema/allOf/1/properties/file/contentMediaType")
                        .asString())
                .isEqualTo("application/octet-stream");
        assertThat(schema("SongDetails").path("required").valueStream().map(JsonNode::asString))
                .contains("title", "rights_declared")
                .doesNotContain("genre");
        assertThat(schema("SongDetailsPatch").has("required")).isFalse();
    }

    @Test
    void valuesAreOfTheKindTheyAreSentAs() {
        var song = schema("SongInside").path("properties");

        assertThat(song.at("/id/format").asString()).isEqualTo("int64");
        assertThat(song.at("/created_at/format").asString()).isEqualTo("date-time");
        assertThat(song.at("/status/enum").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrder("pending", "approved", "rejected", "withdrawn");
        assertThat(song.at("/genre/type").valueStream().map(JsonNode::asString)).contains("string", "null");
        assertThat(schema("Vote").path("properties").propertyNames())
                .containsExactlyInAnyOrder("device_fingerprint", "captcha");
        assertThat(operation("GET /api/v1/contests/{contest}/leaderboard/stream")
                        .at("/responses/200/content")
                        .propertyNames())
                .containsExactly("text/event-stream");
        assertThat(schema("Problem").path("properties").propertyNames())
                .contains("type", "title", "status", "detail", "code", "errors");
    }

    private static JsonNode schema(String name) {
        return api.at("/components/schemas").path(name);
    }

    private static JsonNode operation(String call) {
        return Objects.requireNonNull(operations().get(call), call);
    }

    private static SortedMap<String, JsonNode> operations() {
        var operations = new TreeMap<String, JsonNode>();
        for (var path : api.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                if (METHODS.contains(operation.getKey())) {
                    operations.put(
                            operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), operation.getValue());
                }
            }
        }
        return operations;
    }

    private static void everywhere(JsonNode node, BiConsumer<String, JsonNode> visit) {
        node.properties().forEach(property -> {
            visit.accept(property.getKey(), property.getValue());
            everywhere(property.getValue(), visit);
        });
        if (node.isArray()) {
            node.forEach(item -> everywhere(item, visit));
        }
    }
}
