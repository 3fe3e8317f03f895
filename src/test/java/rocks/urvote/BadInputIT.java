package rocks.urvote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.UserId;
import rocks.urvote.songs.SongId;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.Api.Answer;
import rocks.urvote.testkit.Multipart;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Window;
import tools.jackson.core.JacksonException;

/// Whatever is sent to any address by anybody: no failure, nothing of the inside in the answer, and nothing stored by
/// what was refused. The addresses are read from the running program, so a new one is met by all of this at once.
class BadInputIT {

    /// Words that only we, and what we are made of, would say.
    private static final Pattern INSIDE = Pattern.compile(
            "Exception|rocks\\.urvote|java\\.(lang|util|io|net|sql)|jakarta\\.|springframework|tools\\.jackson|postgres|PSQL|SQLState|hikari|catalina|coyote|Tomcat|\\.java:\\d|\\bat"
                + " [a-z]+\\.[a-z]+\\.[A-Z]|/tmp/");

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE", "PURGE");

    private static final List<String> ACTING = List.of("artist", "owner", "admin");

    static RunningUrVote urvote;
    static Stage stage;
    static JdbcClient database;
    static String counting;
    static byte[] sound;
    static Map<String, Api> people;

    static String slug = "";
    static ContestId contest = new ContestId(1);
    static List<SongId> songs = List.of();

    /// Nothing was sent that may have changed the targets since they were made.
    static boolean fresh;

    /// One method at one address.
    record Route(String method, String pattern, HandlerMethod handler, Set<MediaType> consumes) {

        boolean isApi() {
            return pattern.startsWith("/api/");
        }

        boolean isWrite() {
            return !method.equals("GET");
        }

        boolean takesMultipart() {
            return consumes.contains(MediaType.MULTIPART_FORM_DATA);
        }

        boolean takes(Class<?> parameter) {
            return List.of(handler.getMethod().getParameterTypes()).contains(parameter);
        }

        /// The kind of its JSON body.
        Optional<Class<?>> body() {
            return Arrays.stream(handler.getMethod().getParameters())
                    .filter(parameter -> parameter.isAnnotationPresent(RequestBody.class))
                    .<Class<?>>map(Parameter::getType)
                    .findFirst();
        }

        List<String> parameters() {
            var names = Arrays.stream(handler.getMethod().getParameters())
                    .filter(parameter ->
                            parameter.isAnnotationPresent(RequestParam.class) && parameter.getType() == String.class)
                    .map(Parameter::getName)
                    .collect(toCollection(ArrayList::new));
            if (takes(Window.class)) {
                names.addAll(List.of("limit", "cursor"));
            }
            return names;
        }

        /// Who gets furthest.
        List<String> acting() {
            return takes(Caller.class) ? ACTING : List.of("visitor");
        }

        @Override
        public String toString() {
            return method + " " + pattern + (takesMultipart() ? " multipart" : "");
        }
    }

    /// What somebody sends.
    @SuppressWarnings("ArrayRecordComponent")
    record Sent(String who, String method, String path, byte[] body, List<String> headers) {

        @Override
        public String toString() {
            return "%s: %s %s %s %s"
                    .formatted(who, method, start(path, 200), headers, start(new String(body, UTF_8), 200));
        }
    }

    @BeforeAll
    static void twoClientsWithTheirPeople() throws IOException {
        urvote = RunningUrVote.start(Map.of(
                "URVOTE_CODES_PER_MAILBOX", "1000000",
                "URVOTE_CODES_PER_ADDRESS", "1000000",
                "URVOTE_VOTES_PER_VOTER", "1000000",
                "URVOTE_VOTES_PER_ADDRESS", "1000000"));
        stage = new Stage(urvote);
        database = stage.database();
        try (var file = BadInputIT.class.getResourceAsStream("/audio/tone.mp3")) {
            sound = Objects.requireNonNull(file).readAllBytes();
        }
        var admin = Api.admin(urvote, "admin");
        var stranger = Api.signedIn(urvote, "stranger");
        admin.post("/api/v1/clients", """
            {"slug": "elsewhere", "name": "Elsewhere"}
            """);
        var appointed = admin.put("/api/v1/clients/elsewhere/members/" + stranger.user(), """
            {"role": "owner"}
            """);
        assertThat(appointed.status()).as(appointed.text()).isEqualTo(200);
        people = new TreeMap<>(Map.of(
                "visitor", Api.visitor(urvote),
                "voter", Api.signedIn(urvote, "voter"),
                "artist", stage.artist(),
                "owner", stage.owner(),
                "owner elsewhere", stranger,
                "admin", admin));
        counting = database.sql("""
            select quote_ident(n.nspname) || '.' || quote_ident(c.relname)
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname in ('identity', 'contest', 'media')
               and c.relkind in ('r', 'p') and not c.relispartition
               and c.relname not in ('vote_refusals', 'event_publication', 'chore_runs', 'audit_seals', 'size_samples')
             order by 1
            """).query(String.class).list().stream()
                .map("select '%1$s ' || count(*) from %1$s"::formatted)
                .collect(joining(" union all "));
    }

    @AfterAll
    static void noneWaitedForEachOtherInARing() {
        try {
            assertThat(database.sql("select deadlocks from pg_stat_database where datname = current_database()")
                            .query(Long.class)
                            .single())
                    .isZero();
        } finally {
            urvote.close();
        }
    }

    static List<Route> routes() {
        return urvote.bean(RequestMappingHandlerMapping.class).getHandlerMethods().entrySet().stream()
                .flatMap(entry -> entry.getKey().getMethodsCondition().getMethods().stream()
                        .flatMap(method -> entry.getKey().getPatternValues().stream()
                                .map(pattern -> new Route(
                                        method.name(),
                                        pattern,
                                        entry.getValue(),
                                        entry.getKey().getConsumesCondition().getConsumableMediaTypes()))))
                .sorted(Comparator.comparing(Route::toString))
                .toList();
    }

    static List<Route> reads() {
        return routes().stream().filter(route -> !route.isWrite()).toList();
    }

    static List<Route> apiWrites() {
        return routes().stream()
                .filter(route -> route.isApi() && route.isWrite() && !route.takesMultipart())
                .toList();
    }

    static List<Route> bodies() {
        return apiWrites().stream().filter(route -> route.body().isPresent()).toList();
    }

    static List<Route> forms() {
        return routes().stream()
                .filter(route -> route.isWrite() && !route.isApi() && !route.takesMultipart())
                .toList();
    }

    static List<Route> uploads() {
        return routes().stream().filter(Route::takesMultipart).toList();
    }

    static List<Route> withVariables() {
        return routes().stream().filter(route -> route.pattern().contains("{")).toList();
    }

    static Set<String> patterns() {
        return routes().stream().map(Route::pattern).collect(toCollection(TreeSet::new));
    }

    /// Everybody signed in; a contest with a song that can be heard, one that waits, and one that was rejected.
    @BeforeEach
    void freshTargets() {
        if (fresh) {
            return;
        }
        people.replaceAll((name, person) ->
                name.equals("visitor") || person.get("/api/v1/me").status() == 200
                        ? person
                        : Api.signIn(urvote, person));
        contest = stage.contest();
        slug = database.sql(
                        "select k.slug from contest.clients k join contest.contests c on c.client_id = k.id where c.id"
                                + " = :contest")
                .param("contest", contest.value())
                .query(String.class)
                .single();
        var upload = new Multipart()
                .field("title", "Heard")
                .field("artist_name", "Ann Onym")
                .field("ai_tools_used", "none")
                .field("license_type", "cc0")
                .field("rights_declared", "true")
                .file("file", "tone.mp3", sound);
        var uploaded = person("artist")
                .send(
                        "POST",
                        "/api/v1/contests/%d/songs".formatted(contest.value()),
                        upload.bytes(),
                        "Content-Type",
                        upload.contentType());
        assertThat(uploaded.status()).as(uploaded.text()).isEqualTo(201);
        var heard = new SongId(uploaded.json().path("id").asLong());
        person("admin").post("/api/v1/songs/%d/approval".formatted(heard.value()), "");
        var rejected = stage.pendingSong(contest, "Rejected");
        person("admin").post("/api/v1/songs/%d/rejection".formatted(rejected.value()), """
            {"reason": "Too quiet"}
            """);
        songs = List.of(heard, stage.pendingSong(contest, "Waiting"), rejected);
        fresh = true;
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void refusesBodiesThatAreNotTheObjectExpected(Route route) {
        refused(Hostile.BODIES.stream()
                .flatMap(body -> people.keySet().stream().map(who -> json(who, route, path(route, who), body)))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void refusesPropertiesOfTheWrongKind(Route route) {
        refused(properties(route).entrySet().stream()
                .flatMap(property -> Hostile.wrong(property.getValue()).stream()
                        .flatMap(value -> sent(route, property.getKey(), value)))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void bearsEveryValueOfTheRightKind(Route route) {
        answered(properties(route).entrySet().stream()
                .flatMap(property -> Hostile.odd(property.getValue()).stream()
                        .flatMap(value -> sent(route, property.getKey(), value)))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("apiWrites")
    void refusesMediaTypesAndFormsOfAnswersItDoesNotHave(Route route) {
        var body = route.body()
                .filter(Class::isRecord)
                .map(kind -> Hostile.body(kind, "", ""))
                .orElse("{}");
        var bodyTypes = route.body().isEmpty()
                ? Stream.<List<String>>of()
                : Stream.of(
                                "text/plain",
                                "application/xml",
                                "application/x-www-form-urlencoded",
                                "application/octet-stream",
                                "nonsense",
                                "application/json;charset=nonsense",
                                "application/jsonx")
                        .map(type -> List.of("Content-Type", type));
        var accepted = Stream.of("application/xml", "text/html", "nonsense", "application/json;q=0")
                .map(type -> List.of("Content-Type", "application/json", "Accept", type));

        refused(Stream.concat(bodyTypes, accepted)
                .flatMap(headers -> people.keySet().stream()
                        .map(who -> new Sent(who, route.method(), path(route, who), body.getBytes(UTF_8), headers)))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void bearsEveryForm(Route route) {
        var fields = fields(route, path(route, "owner"));
        var forms = fields.stream()
                .flatMap(field -> Hostile.ENCODED.stream().map(value -> form(fields, field, value)))
                .collect(toCollection(ArrayList::new));
        forms.addAll(List.of(
                "%zz=%",
                "=&=&&&;",
                "a".repeat(100_000),
                "a=" + "b".repeat(2 * 1024 * 1024),
                IntStream.range(0, 300).mapToObj(i -> i + "=" + i).collect(joining("&")),
                form(fields, "", "") + "&" + form(fields, "", "")));

        // With the right password it does what it says, and nobody would be left to send the rest.
        var erases = route.pattern().equals("/me/erasure");
        answered(forms.stream()
                .map(form -> erases ? form.replace("password=", "password=not+") : form)
                .flatMap(form -> route.acting().stream().map(who -> form(who, route, path(route, who), form)))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("uploads")
    void bearsEveryFieldOfAnUpload(Route route) {
        var fields = List.of(
                "title",
                "artist_name",
                "genre",
                "ai_tools_used",
                "description",
                "license_type",
                "rights_declared",
                "external_link");
        answered(fields.stream()
                .flatMap(field -> Hostile.TEXTS.stream().map(value -> {
                    var upload = new Multipart();
                    fields.forEach(name -> upload.field(name, name.equals(field) ? value : Hostile.sample(name)));
                    return new Sent(
                            "artist",
                            route.method(),
                            path(route, "artist"),
                            upload.bytes(),
                            List.of("Content-Type", upload.contentType(), "Accept", accept(route)));
                }))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("uploads")
    void refusesBrokenUploads(Route route) {
        var whole = new Multipart().field("title", "x").file("file", "../../x", sound);
        var name = "Content-Disposition: form-data; name=";
        var bodies = Stream.of(
                "",
                "x",
                "------the-boundary",
                "------the-boundary--\r\n",
                "------the-boundary\r\n\r\nx\r\n------the-boundary--\r\n",
                "------the-boundary\r\nContent-Disposition: nonsense\r\n\r\nx\r\n------the-boundary--\r\n",
                "------the-boundary\r\n" + name + "\"title\"\r\n",
                "------the-boundary\r\n" + name + "\"title\"\r\n\r\nx",
                "------the-boundary\r\n" + name + "\"\u0000\"\r\n\r\nx\r\n------the-boundary--\r\n",
                "------the-boundary\r\n" + name + "\"" + "k".repeat(50_000) + "\"\r\n\r\nx\r\n------the-boundary--\r\n",
                "------the-boundary\r\n" + name + "\"title\"\r\n\r\n" + "x".repeat(2 * 1024 * 1024)
                        + "\r\n------the-boundary--\r\n",
                ("------the-boundary\r\n" + name + "\"title\"\r\n\r\nx\r\n").repeat(2_000) + "------the-boundary--\r\n",
                "{\"title\": \"x\"}");
        var all = Stream.concat(
                        bodies.map(body -> body.getBytes(UTF_8)),
                        Stream.of(Arrays.copyOf(whole.bytes(), 200), whole.bytes()))
                .toList();
        var types = List.of(
                whole.contentType(),
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/mixed; boundary=x",
                "multipart/form-data; boundary=" + "x".repeat(5_000));

        refused(types.stream()
                .flatMap(type -> all.stream()
                        .flatMap(body -> people.keySet().stream()
                                .map(who -> new Sent(
                                        who,
                                        route.method(),
                                        path(route, who),
                                        body,
                                        List.of("Content-Type", type, "Accept", accept(route))))))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("withVariables")
    void refusesPathsThatLeadToNothing(Route route) {
        var variables = route.pattern().split("(?=\\{)", -1).length - 1;
        refused(IntStream.range(0, variables)
                .boxed()
                .flatMap(i -> Hostile.IDS.stream().map(id -> path(route, songs.getFirst(), i, id)))
                .flatMap(path -> Stream.of("visitor", "owner", "admin").map(who -> plain(who, route, path)))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("reads")
    void bearsEveryQuery(Route route) {
        var path = path(route, "visitor");
        var names = new ArrayList<>(route.parameters());
        names.add("surprise");
        answered(names.stream()
                .flatMap(name -> Hostile.ENCODED.stream().map(value -> "%s?%s=%s".formatted(path, name, value)))
                .flatMap(query -> Stream.of("visitor", "owner").map(who -> plain(who, route, query)))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("routes")
    void bearsEveryHeader(Route route) {
        var headers = Stream.of(
                        "Accept: x",
                        "Accept: */*;q=2",
                        "Accept-Language: x-\\\"';q=9",
                        "If-None-Match: x",
                        "If-None-Match: \"",
                        "If-None-Match: W/\"x\", *, \"",
                        "If-Modified-Since: yesterday",
                        "If-Range: \"x",
                        "Range: bytes=9-1",
                        "Range: bytes=-0",
                        "Range: bytes=99999999999999999999-",
                        "Range: bytes=" + "0-0,".repeat(500) + "1-1",
                        "Range: items=x",
                        "Idempotency-Key: ",
                        "Idempotency-Key: with blanks",
                        "Idempotency-Key: " + "k".repeat(201),
                        "Cookie: access=x; refresh=y; notice=%zz",
                        "Cookie: =;;;$Version=1; \"",
                        "Cookie: notice=%00%0d%0aSet-Cookie:a",
                        "Cookie: access=" + "x".repeat(5_000),
                        "Cookie: refresh=" + "x".repeat(5_000),
                        "X-CSRF-Token: x",
                        "Origin: null",
                        "Origin: http://[",
                        "Sec-Fetch-Site: x",
                        "HX-Request: true",
                        "X-Forwarded-For: 999.999.999.999, ::::, x",
                        "X-Forwarded-Host: evil.example",
                        "X-HTTP-Method-Override: DELETE",
                        "Content-Encoding: gzip",
                        "Content-Type: x",
                        "User-Agent: " + "u".repeat(5_000))
                .map(header -> List.of(header.split(": ", 2)))
                .toList();
        var authorizations = Stream.of(
                        "x",
                        "Bearer ",
                        "Bearer x",
                        "Bearer x.y.z",
                        "bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwiYWRtaW4iOnRydWV9.",
                        "Basic YWRtaW46YWRtaW4=",
                        "Bearer " + "x".repeat(10_000))
                .map(value -> List.of("Authorization", value));

        // Headers are read at doors that all routes share: each route meets all of them, and over the routes each is
        // sent by both.
        int first = route.toString().length();
        var sent = IntStream.range(0, headers.size()).mapToObj(i -> {
            var who = (first + i) % 2 == 0 ? "visitor" : "owner";
            return with(headers.get(i), plain(who, route, path(route, who)));
        });
        answered(Stream.concat(
                        sent,
                        authorizations.map(header -> with(header, plain("visitor", route, path(route, "visitor")))))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void refusesMethodsThatAnAddressDoesNotKnow(String pattern) {
        var here = routes().stream()
                .filter(route -> pattern.matches(route.pattern().replaceAll("\\{\\w+}", "[^/]+")))
                .sorted(Comparator.comparing(route -> !route.pattern().equals(pattern)))
                .toList();
        var known = here.stream().map(Route::method).distinct().toList();

        refused(METHODS.stream()
                        .filter(method -> !known.contains(method))
                        .flatMap(method -> Stream.of("visitor", "owner").map(who -> {
                            var plain = plain(who, here.getFirst(), path(here.getFirst(), who));
                            return new Sent(who, method, plain.path(), "{}".getBytes(UTF_8), plain.headers());
                        }))
                        .toList())
                .forEach(answer -> {
                    assertThat(answer.status()).as(answer.text()).isEqualTo(405);
                    assertThat(answer.header("Allow")).contains(known);
                });
    }

    /// The answers to what must be refused: each a clear one, and nothing stored.
    private static List<Answer> refused(List<Sent> all) {
        var before = counts();

        var answers = answers(all);

        complain(all, answers, (sent, answer) -> {
            var toSignIn = answer.status() == 303 && answer.header("Location").startsWith("/sign-in?next=");
            return (answer.status() >= 400 || toSignIn) && clear(sent, answer) ? "" : "was not refused clearly";
        });
        assertThat(counts()).isEqualTo(before);
        return answers;
    }

    /// What may be taken or refused is answered either way.
    private static void answered(List<Sent> all) {
        fresh &= all.stream().allMatch(sent -> sent.method().equals("GET"));
        complain(all, answers(all), (sent, answer) -> clear(sent, answer) ? "" : "was not answered clearly");
    }

    private static void complain(
            List<Sent> all, List<Answer> answers, java.util.function.BiFunction<Sent, Answer, String> complaint) {
        assertThat(IntStream.range(0, all.size())
                        .mapToObj(i -> {
                            var said = complaint.apply(all.get(i), answers.get(i));
                            var answer = answers.get(i);
                            return said.isEmpty()
                                    ? ""
                                    : "%s%n  %s: %d %s %s"
                                            .formatted(
                                                    all.get(i),
                                                    said,
                                                    answer.status(),
                                                    answer.header("Content-Type"),
                                                    start(answer.text(), 400));
                        })
                        .filter(said -> !said.isEmpty())
                        .limit(12)
                        .toList())
                .isEmpty();
    }

    private static boolean clear(Sent sent, Answer answer) {
        var text = answer.text();
        return answer.status() < 500
                && !INSIDE.matcher(text).find()
                && !(answer.header("Content-Type").startsWith("text/html") && text.contains("<script>alert('hostile')"))
                && answer.headers().allValues("Set-Cookie").stream().noneMatch(cookie -> cookie.startsWith("a="))
                && !answer.header("X-Request-Id").isEmpty()
                && (answer.status() < 400 || !sent.path().startsWith("/api/") || isProblem(answer));
    }

    private static boolean isProblem(Answer answer) {
        try {
            return answer.header("Content-Type").equals("application/problem+json")
                    && answer.code().matches("[a-z_]+")
                    && answer.json().path("status").asInt() == answer.status();
        } catch (JacksonException e) {
            return false;
        }
    }

    private static List<Answer> answers(List<Sent> all) {
        var few = new Semaphore(6);
        return Stage.atOnce(all.stream()
                .<Callable<Answer>>map(sent -> () -> {
                    few.acquire();
                    try {
                        var answer = answer(sent);
                        return answer.status() == 503 ? againWhenAsked(sent, answer) : answer;
                    } finally {
                        few.release();
                    }
                })
                .toList());
    }

    private static Answer answer(Sent sent) {
        return person(sent.who())
                .send(sent.method(), sent.path(), sent.body(), sent.headers().toArray(String[]::new));
    }

    /// A machine with much to do may be busy for a moment, but then says for how long. Waiting for each other in a ring
    /// would answer the same, and is looked for in the end.
    private static Answer againWhenAsked(Sent sent, Answer busy) throws InterruptedException {
        assertThat(busy.header("Retry-After")).as(busy.text()).isNotEmpty();
        Thread.sleep(Duration.ofSeconds(Long.parseLong(busy.header("Retry-After"))));
        return answer(sent);
    }

    private static List<String> counts() {
        return database.sql(counting).query(String.class).list();
    }

    private static Api person(String who) {
        return Objects.requireNonNull(people.get(who), who);
    }

    private Stream<Sent> sent(Route route, String property, String value) {
        var body = route.body()
                .filter(Class::isRecord)
                .map(kind -> Hostile.body(kind, property, value))
                .orElseGet(() -> Hostile.alone(property, value));
        return route.acting().stream().map(who -> json(who, route, path(route, who), body));
    }

    /// The properties that a body may have. Where its kind does not tell, those of all bodies are tried.
    private Map<String, Type> properties(Route route) {
        var kind = route.body().orElseThrow();
        if (kind.isRecord()) {
            return Hostile.properties(kind);
        }
        var all = new LinkedHashMap<String, Type>();
        bodies().forEach(other -> {
            Arrays.stream(other.handler().getBeanType().getDeclaredClasses())
                    .forEach(record -> Hostile.properties(record).forEach(all::putIfAbsent));
            other.body().ifPresent(body -> Hostile.properties(body).forEach(all::putIfAbsent));
        });
        var tried = all.keySet().stream()
                .flatMap(property -> sent(route, property, "[]"))
                .toList();
        fresh = false;
        var answers = answers(tried);
        var known = new TreeSet<String>();
        for (int i = 0; i < tried.size(); i++) {
            if (answers.get(i).status() == 422 && !answers.get(i).text().contains("is not known here")) {
                known.add(new String(tried.get(i).body(), UTF_8));
            }
        }
        all.keySet().removeIf(property -> !known.contains(Hostile.alone(property, "[]")));
        return all;
    }

    /// The fields of a form: what its handler names, and what the page has that shows it.
    private static List<String> fields(Route route, String path) {
        var fields = new TreeSet<>(route.parameters());
        if (route.takes(MultiValueMap.class)) {
            Pattern.compile("<(?:input|select|textarea)[^>]* name=\"([a-z_]+)\"")
                    .matcher(person("admin").page(path).text())
                    .results()
                    .map(found -> found.group(1))
                    .forEach(fields::add);
        }
        return List.copyOf(fields);
    }

    private static String form(List<String> fields, String hostile, String value) {
        return fields.stream()
                .map(field -> "%s=%s"
                        .formatted(
                                field, field.equals(hostile) ? value : URLEncoder.encode(Hostile.sample(field), UTF_8)))
                .collect(joining("&"));
    }

    /// The address of a route, about the song with which this person gets furthest.
    private String path(Route route, String who) {
        return path(route, songs.get(who.equals("artist") ? 2 : who.equals("owner") ? 1 : 0), -1, "");
    }

    /// The address of a route, with something else at one of its variables.
    private String path(Route route, SongId song, int replaced, String by) {
        var variables =
                Pattern.compile("\\{(\\w+)}").matcher(route.pattern()).results().toList();
        var path = route.pattern();
        for (int i = 0; i < variables.size(); i++) {
            path = path.replace(
                    variables.get(i).group(),
                    i == replaced ? by : value(route, variables.get(i).group(1), song));
        }
        return path;
    }

    private String value(Route route, String variable, SongId song) {
        var kind = Arrays.stream(route.handler().getMethod().getParameters())
                .filter(parameter -> parameter.getName().equals(variable))
                .findFirst()
                .orElseThrow()
                .getType();
        if (kind == SongId.class) {
            return Long.toString(song.value());
        }
        if (kind == ContestId.class) {
            return Long.toString(contest.value());
        }
        if (kind == UserId.class) {
            return Long.toString(person("voter").user());
        }
        if (kind == UUID.class) {
            return new UUID(7, 7).toString();
        }
        return variable.equals("slug") ? slug : "x";
    }

    private static Sent json(String who, Route route, String path, String body) {
        return new Sent(who, route.method(), path, body.getBytes(UTF_8), List.of("Content-Type", "application/json"));
    }

    private static Sent form(String who, Route route, String path, String body) {
        return new Sent(
                who,
                route.method(),
                path,
                body.getBytes(UTF_8),
                List.of("Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html"));
    }

    /// As little as one can send.
    private static Sent plain(String who, Route route, String path) {
        if (!route.isWrite()) {
            return new Sent(who, "GET", path, new byte[0], List.of("Accept", accept(route)));
        }
        return route.isApi() ? json(who, route, path, "{}") : form(who, route, path, "");
    }

    private static Sent with(List<String> header, Sent sent) {
        var headers = new ArrayList<>(header);
        for (int i = 0; i < sent.headers().size(); i += 2) {
            if (!sent.headers().get(i).equals(header.getFirst())) {
                headers.addAll(sent.headers().subList(i, i + 2));
            }
        }
        return new Sent(sent.who(), sent.method(), sent.path(), sent.body(), headers);
    }

    private static String accept(Route route) {
        return route.isApi() ? "*/*" : "text/html";
    }

    private static String start(String text, int length) {
        return text.substring(0, Math.min(text.length(), length));
    }
}
