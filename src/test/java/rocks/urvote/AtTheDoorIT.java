package rocks.urvote;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.Api.Answer;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// What is turned away before any handler sees it: writes that another site made a browser send, addresses that do not
/// exist, and what is hardly HTTP.
@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end in \r\n
class AtTheDoorIT {

    static RunningUrVote urvote;
    static Stage stage;
    static Api visitor;
    static Api voter;
    static String cookies;
    static String vote;

    @BeforeAll
    static void somebodySignedInWithABrowser() {
        urvote = RunningUrVote.start();
        stage = new Stage(urvote);
        visitor = Api.visitor(urvote);
        voter = stage.voter();
        cookies = "access=" + voter.token();
        vote = "/api/v1/songs/%d/votes"
                .formatted(stage.song(stage.contest(), "Song").value());
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    static Stream<List<String>> foreign() {
        return Stream.of(
                List.of(),
                List.of("Sec-Fetch-Site", "cross-site"),
                List.of("Sec-Fetch-Site", "same-site"),
                List.of("Sec-Fetch-Site", "none"),
                List.of("Sec-Fetch-Site", "nonsense"),
                List.of("Sec-Fetch-Site", "cross-site", "Origin", "http://localhost"),
                List.of("Origin", "https://evil.example"),
                List.of("Origin", "null"),
                List.of("Origin", ""),
                List.of("X-CSRF-Token", ""),
                List.of("X-CSRF-Token", "nonsense"));
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void refusesWhatAnotherSiteMadeABrowserSend(List<String> headers) {
        var refused = List.of(
                withCookie("POST", vote, headers),
                withCookie("PATCH", "/api/v1/me", headers),
                withCookie("DELETE", "/api/v1/sessions/current", headers),
                withCookie("POST", "/sign-out", headers));

        assertThat(refused).extracting(Answer::status, Answer::code).containsOnly(tuple(403, "csrf"));
        assertThat(withCookie("GET", "/api/v1/me", headers).status()).isEqualTo(200);
    }

    @Test
    void refusesASignInThatAnotherSiteMadeABrowserSend() {
        var answer = visitor.send(
                "POST",
                "/api/v1/sessions",
                "{}".getBytes(UTF_8),
                "Content-Type",
                "application/json",
                "Sec-Fetch-Site",
                "cross-site");

        assertThat(answer.code()).isEqualTo("csrf");
    }

    @Test
    void takesWhatItsOwnPagesSend() {
        var address = urvote.address();
        var token = Pattern.compile("<meta name=\"csrf\" content=\"([^\"]+)\"")
                .matcher(withCookie("GET", "/", List.of("Accept", "text/html")).text());
        assertThat(token.find()).isTrue();

        assertThat(Stream.of(
                        List.of("Sec-Fetch-Site", "same-origin"),
                        List.of("Origin", "http://" + address.getAuthority()),
                        List.of("X-CSRF-Token", token.group(1)),
                        List.of("X-CSRF-Token", token.group(1), "Sec-Fetch-Site", "none")))
                .allSatisfy(headers -> assertThat(
                                withCookie("PATCH", "/api/v1/me", headers).status())
                        .isEqualTo(200));
    }

    @Test
    void doesNotTakeTheTokenOfAnotherSession() {
        var token = Pattern.compile("<meta name=\"csrf\" content=\"([^\"]+)\"")
                .matcher(stage.voter().page("/").text());
        assertThat(token.find()).isTrue();

        assertThat(withCookie("PATCH", "/api/v1/me", List.of("X-CSRF-Token", token.group(1)))
                        .code())
                .isEqualTo("csrf");
    }

    @Test
    void asksNothingMoreOfPrograms() {
        assertThat(foreign())
                .allSatisfy(headers -> assertThat(voter.send("PATCH", "/api/v1/me", "{}".getBytes(UTF_8), json(headers))
                                .status())
                        .isEqualTo(200));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/nothing",
        "POST, /api/v1/nothing",
        "PUT, /api/v1/nothing",
        "PATCH, /api/v1/nothing",
        "DELETE, /api/v1/nothing",
        "PURGE, /api/v1/nothing",
        "GET, /api",
        "POST, /api/v2/songs",
        "GET, /nothing",
        "POST, /nothing",
        "DELETE, /nothing/at/all",
        "GET, /error",
        "POST, /error",
        "GET, /actuator",
        "GET, /metrics",
        "GET, /health/live",
        "GET, /api/v1/songs/1/",
        "POST, /css/nothing.css",
        "GET, /.env",
        "GET, /.git/config"
    })
    void findsNothingForAnybodyAtAnAddressThatDoesNotExist(String method, String path) {
        var admin = Api.admin(urvote, Stage.unique("admin"));

        assertThat(Stream.of(visitor, voter, stage.owner(), admin)
                        .map(who -> who.send(method, path, "{}".getBytes(UTF_8), "Content-Type", "application/json")))
                .extracting(Answer::status, Answer::code)
                .containsOnly(tuple(404, "not_found"));
        assertThat(visitor.page(path).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [\r\n\r\n",
                "G\u0000T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /<script> HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /{a}|^` HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /\u0000 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /\u00FC HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /a;b=c HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET //api/v1/contests HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /api/v1/contests?q=<> HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET nonsense HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX y: z\r\nX\u0000: z\r\nno colon\r\n\r\n",
                "POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
                "POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                "POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
                "POST /api/v1/sessions HTTP/1.1\r\n"
                        + "Host: a\r\n"
                        + "Content-Length: 2\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "{}",
                "POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: nonsense\r\n\r\n{}",
                "POST /api/v1/sessions/refresh HTTP/1.1\r\n"
                        + "Host: a\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "zz\r\n"
                        + "{}\r\n"
                        + "0\r\n\r\n",
                "POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n"
            })
    @SuppressWarnings("StringConcatToTextBlock") // a text block ends its lines otherwise than HTTP
    void answersWhatIsHardlyHttpInAFewWords(String request) throws IOException {
        tersely(request);
    }

    @Test
    void answersTooLargeHeadersInAFewWords() throws IOException {
        tersely("GET / HTTP/1.1\r\nHost: localhost\r\nX: %s\r\n\r\n".formatted("x".repeat(20_000)));
        tersely("GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted("x".repeat(20_000)));
        tersely("GET / HTTP/1.1\r\nHost: localhost\r\n%s\r\n".formatted("X: y\r\n".repeat(500)));
    }

    /// A proxy and a load of voters behind it come on a few connections; to open one costs more than an answer.
    @Test
    void goesOnAnsweringOnOneConnection() throws IOException {
        var times = 1_000;
        var last = "GET /robots.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        var request = last.replace("Connection: close\r\n", "");
        try (var socket = new Socket("localhost", urvote.address().getPort())) {
            socket.setSoTimeout(10_000);
            Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write((request.repeat(times - 1) + last).getBytes(ISO_8859_1));
                } catch (IOException e) {
                    // The answers that are missing tell.
                }
            });
            var answers = new String(socket.getInputStream().readAllBytes(), UTF_8);

            assertThat(Pattern.compile("HTTP/1\\.1 \\d{3}").matcher(answers).results())
                    .hasSize(times);
        }
    }

    private static void tersely(String request) throws IOException {
        try (var socket = new Socket("localhost", urvote.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

            assertThat(answer).matches("(?s)HTTP/1\\.1 (4\\d\\d|501|505) .*");
            assertThat(answer.toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("tomcat", "apache", "server:", "exception", "java", "<h1>http status", "location:");
        }
    }

    private static Answer withCookie(String method, String path, List<String> headers) {
        var all = Stream.concat(Stream.of("Cookie", cookies), Stream.of(json(headers)))
                .toArray(String[]::new);
        return visitor.send(method, path, "{}".getBytes(UTF_8), all);
    }

    private static String[] json(List<String> headers) {
        return Stream.concat(Stream.of("Content-Type", "application/json"), headers.stream())
                .toArray(String[]::new);
    }
}
