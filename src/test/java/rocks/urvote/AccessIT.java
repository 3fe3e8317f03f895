package rocks.urvote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import rocks.urvote.AccessTable.Row;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.Api.Answer;
import rocks.urvote.testkit.Multipart;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.web.Shortcut;

/// Every route of the running program, asked by everyone there is: the answers are those of `access.txt`, and a route
/// that is not in it fails here.
class AccessIT {

    /// Before the path of a route that is on the management port.
    private static final String MANAGEMENT = "management:";

    private static final Pattern VARIABLE = Pattern.compile("\\{\\*?(\\w+)(=[\\w-]+)?}");

    /// After these nobody is signed in any more, so each role asks them with a session of its own.
    private static final Set<String> ENDINGS = Set.of("DELETE /api/v1/sessions/current", "POST /sign-out");

    /// What is only done shortly after one signed in.
    private static boolean needsFreshSignIn(Row row) {
        return row.path().contains("/me/two-factor") || row.path().contains("/me/passkeys");
    }

    /// Calls that take the person themselves away: each is made by another one like them.
    private static final Set<String> ERASURES = Set.of("DELETE /api/v1/me");

    /// Calls that are answered before MVC, unless there is something unusual about them.
    private static final Set<String> SHORTCUTS =
            Set.of("POST /api/v1/songs/{song}/votes", "GET /api/v1/contests/{contest}/leaderboard");

    private static final AccessTable TABLE = AccessTable.read();

    static RunningUrVote urvote;
    static AccessStage stage;

    @BeforeAll
    static void twoClientsWithTheirPeople() {
        urvote = RunningUrVote.start(Map.of(
                "URVOTE_CODES_PER_MAILBOX", "1000000",
                "URVOTE_CODES_PER_ADDRESS", "1000000",
                "URVOTE_VOTES_PER_VOTER", "1000000",
                "URVOTE_VOTES_PER_ADDRESS", "1000000"));
        stage = new AccessStage(urvote);
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @Test
    void everyRouteIsInTheTable() {
        var known = TABLE.rows().stream().map(Row::route).toList();

        assertThat(routes().stream().filter(route -> !known.contains(route)).toList())
                .as(
                        "%s has no line for these. This is what they answer; where that is right, add%n%s%n",
                        AccessTable.FILE,
                        routes().stream()
                                .filter(route -> !known.contains(route))
                                .map(AccessIT::answered)
                                .collect(joining("\n")))
                .isEmpty();
    }

    @Test
    void everyLineOfTheTableIsAboutARoute() {
        assertThat(TABLE.rows().stream().map(Row::route).distinct().toList())
                .as("%s has lines whose routes are gone: take them out", AccessTable.FILE)
                .isSubsetOf(routes());
        assertThat(TABLE.roles()).containsExactlyElementsOf(stage.roles());
    }

    static List<Row> rows() {
        return TABLE.rows();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void everyoneIsAnsweredAsTheTableSays(Row row) {
        assertThat(answered(row, Map.of()).line()).isEqualTo(row.line());
    }

    @Test
    void nobodyEndsTheSessionOfAnother() {
        for (var role : stage.roles()) {
            stage.person(role).form("/me/sessions/%s/end".formatted(stage.target("session", "")), Map.of());
        }

        assertThat(stage.bystander().get("/api/v1/me").status()).isEqualTo(200);
    }

    /// A release on its way: its migrations have widened the tables, and this program, which knows nothing of it, goes
    /// on with statements the database has planned for the tables as they were.
    @Test
    void everyReadIsAnsweredTheSameAfterTablesGrew() {
        var asOftenAsOneLikes = TABLE.rows().stream()
                .filter(row -> row.method().equals("GET") && !row.route().endsWith("/export"))
                .toList();
        Supplier<List<String>> answers = () -> asOftenAsOneLikes.stream()
                .map(row -> row.route() + " " + word(answer(stage.person("admin"), row, Map.of())))
                .toList();
        // Asked often enough for the driver to have them planned.
        var before = Stream.generate(answers).limit(6).toList().getLast();

        stage.everyTableGrows();

        assertThat(answers.get()).isEqualTo(before);
    }

    static List<Row> shortcuts() {
        return TABLE.rows().stream()
                .filter(row -> SHORTCUTS.contains(row.route()))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shortcuts")
    void answersTheSameWithoutTheShortcut(Row row) {
        assertThat(answered(row, Map.of("Accept", "application/json, application/*"))
                        .line())
                .isEqualTo(row.line());
    }

    /// One that is not will have to be asked both ways, above.
    @Test
    void everyShortcutIsAskedBothWays() {
        for (var shortcut : urvote.beans(Shortcut.class)) {
            assertThat(shortcuts())
                    .as(shortcut.getClass().getSimpleName())
                    .anyMatch(row -> shortcut.to(new MockHttpServletRequest(row.method(), path(row)))
                            .isPresent());
        }
    }

    @Test
    void nothingOfTheManagementPortIsOnThePublicOne() {
        assertThat(management().toList()).isNotEmpty().allSatisfy(route -> {
            var path = route.replace("GET " + MANAGEMENT, "").replaceAll("\\{.*}", "live");
            for (var role : stage.roles()) {
                assertThat(stage.person(role).get(path).status())
                        .as("%s: %s", role, path)
                        .isEqualTo(404);
            }
        });
    }

    /// What the running program says it answers.
    private static Set<String> routes() {
        var routes = new TreeSet<String>();
        urvote.bean(RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(mapping -> mapping.getPatternValues()
                        .forEach(path -> methods(mapping).forEach(method -> routes.add(method + " " + path))));
        management().forEach(routes::add);
        return routes;
    }

    /// Two handlers of one address differ by what they take.
    private static Stream<String> methods(RequestMappingInfo mapping) {
        var files = mapping.getConsumesCondition().getConsumableMediaTypes().contains(MediaType.MULTIPART_FORM_DATA);
        var methods = mapping.getMethodsCondition().getMethods();
        return methods.isEmpty()
                ? Stream.of("ANY")
                : methods.stream().map(method -> method.name() + (files ? "-FILE" : ""));
    }

    private static Stream<String> management() {
        return urvote.bean(WebEndpointsSupplier.class).getEndpoints().stream()
                .flatMap(endpoint -> endpoint.getOperations().stream())
                .map(operation -> operation.getRequestPredicate())
                .map(asked -> "%s %s/%s".formatted(asked.getHttpMethod(), MANAGEMENT, asked.getPath()));
    }

    private static String answered(String route) {
        var space = route.indexOf(' ');
        return answered(new Row(route.substring(0, space), route.substring(space + 1), List.of(), ""), Map.of())
                .line();
    }

    private static Row answered(Row row, Map<String, String> headers) {
        return row.answered(stage.roles().stream()
                .map(role -> word(answer(asking(role, row), row, headers)))
                .toList());
    }

    private static Api asking(String role, Row row) {
        if (ERASURES.contains(row.route())) {
            return stage.another(role);
        }
        return ENDINGS.contains(row.route()) || needsFreshSignIn(row) ? stage.anew(role) : stage.person(role);
    }

    private static String word(Answer answer) {
        var toSignIn = answer.status() == 303 && answer.header("Location").startsWith("/sign-in?next=");
        return toSignIn ? "sign-in" : Integer.toString(answer.status());
    }

    private static Answer answer(Api person, Row row, Map<String, String> headers) {
        var path = path(row);
        if (path.startsWith(MANAGEMENT)) {
            return person.atManagement(urvote).get(path.substring(MANAGEMENT.length()));
        }
        var api = path.startsWith("/api/");
        var accept = headers.getOrDefault("Accept", api ? "*/*" : "text/html,*/*;q=0.8");
        if (row.method().equals("GET") || row.method().equals("ANY")) {
            return person.get(path, "Accept", accept);
        }
        if (row.method().endsWith("-FILE")) {
            var form = new Multipart().field("title", "");
            return person.send(
                    row.method().replace("-FILE", ""),
                    path,
                    form.bytes(),
                    "Content-Type",
                    form.contentType(),
                    "Accept",
                    accept);
        }
        var body = row.body().isEmpty() && api ? "{}" : row.body();
        return person.send(
                row.method(),
                path,
                body.getBytes(UTF_8),
                "Content-Type",
                api ? "application/json" : "application/x-www-form-urlencoded",
                "Accept",
                accept);
    }

    /// With what the variables stand for at this moment.
    private static String path(Row row) {
        return VARIABLE.matcher(row.path())
                .replaceAll(variable -> stage.target(
                        variable.group(1),
                        variable.group(2) == null ? "" : variable.group(2).substring(1)));
    }
}
