package rocks.urvote;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rocks.urvote.contests.ContestSettings;
import rocks.urvote.testkit.Multipart;
import rocks.urvote.testkit.NginxFiles;
import rocks.urvote.testkit.Ports;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// A real nginx before UrVote, told what `packaging/nginx.conf` tells it, on ports of this test's own.
class NginxIT {

    private static final Path NGINX = Path.of("/usr/sbin/nginx");

    static RunningUrVote urvote;
    static Stage stage;
    static Process nginx;
    static SSLContext trust;
    static int http;
    static int https;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(NGINX), "nginx is not on this machine");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not on this machine");
        http = Ports.free();
        https = Ports.free();
        urvote = RunningUrVote.start(
                Map.of("URVOTE_PUBLIC_URL", "https://localhost:" + https, "URVOTE_TRUSTED_PROXIES", "127.0.0.1"));
        stage = new Stage(urvote);
        trust = certificate(folder);
        var main = configuration(folder);
        var tested = run(NGINX.toString(), "-t", "-c", main.toString(), "-p", folder.toString());
        assertThat(tested).contains("test is successful");
        nginx = new ProcessBuilder(NGINX.toString(), "-c", main.toString(), "-p", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        await().atMost(Duration.ofSeconds(10)).until(() -> answers(https));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (nginx != null) {
            nginx.destroy();
            nginx.waitFor();
        }
        if (urvote != null) {
            urvote.close();
        }
    }

    @Test
    void leadsToHttps() throws Exception {
        var answer = client("127.0.0.1")
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + http + "/contests?x=1"))
                                .build(),
                        BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(301);
        assertThat(answer.headers().firstValue("Location")).hasValue("https://localhost/contests?x=1");
    }

    @Test
    void showsThePages() throws Exception {
        var answer = send("127.0.0.1", request("/").build());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
        assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
    }

    @Test
    void tellsUrVoteWhereAVoteComesFromWhateverItsSenderClaims() throws Exception {
        assertThat(addressOfAVote("127.0.0.2", URI.create("https://localhost:" + https)))
                .isEqualTo("127.0.0.2");
    }

    @Test
    void isBelievedBecauseItIsTrustedAndNobodyElseIs() throws Exception {
        assertThat(addressOfAVote("127.0.0.3", urvote.address())).isEqualTo("127.0.0.3");
    }

    @Test
    void passesTheLiveLeaderboardOnAsItComes() throws Exception {
        var contest = stage.contest();
        var song = stage.song(contest, "Song");
        var lines = new LinkedBlockingQueue<String>();
        var stream = client("127.0.0.1")
                .send(
                        request("/api/v1/contests/%d/leaderboard/stream".formatted(contest.value()))
                                .build(),
                        BodyHandlers.ofInputStream());
        try (var body = stream.body()) {
            // It breaks off at the end of the test, which is no failure of whatever else waits in this JVM.
            Thread.ofVirtual()
                    .uncaughtExceptionHandler((thread, closed) -> lines.add("over"))
                    .start(() -> new BufferedReader(new InputStreamReader(body, UTF_8))
                            .lines()
                            .filter(line -> line.startsWith("data:"))
                            .forEach(lines::add));
            assertThat(lines.poll(5, TimeUnit.SECONDS)).contains("\"total_votes\":0");

            assertThat(stage.voter()
                            .post("/api/v1/songs/%d/votes".formatted(song.value()))
                            .status())
                    .isEqualTo(201);

            assertThat(lines.poll(5, TimeUnit.SECONDS)).contains("\"total_votes\":1");
        }
    }

    @Test
    void leavesTheLimitOfAContestToUrVote() throws Exception {
        var form = new Multipart()
                .field("title", "Long")
                .field("artist_name", "Ann Onym")
                .field("ai_tools_used", "by hand")
                .field("license_type", "cc_by")
                .field("rights_declared", "true")
                .file("file", "long.mp3", new byte[3 << 20]);

        var answer = send(
                "127.0.0.1",
                request("/api/v1/contests/%d/songs"
                                .formatted(stage.contest(ofOneMegabyte()).value()))
                        .header("Authorization", "Bearer " + stage.voter().token())
                        .header("Content-Type", form.contentType())
                        .POST(BodyPublishers.ofByteArray(form.bytes()))
                        .build());

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("\"file_too_large\"");
    }

    @Test
    void stopsWhatNoContestTakes() throws Exception {
        try (var socket = trust.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), https)) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write("""
                POST /api/v1/contests/1/songs HTTP/1.1
                Host: localhost
                Content-Type: multipart/form-data; boundary=x
                Content-Length: 600000000

                """.replace("\n", "\r\n").getBytes(ISO_8859_1));

            assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1)).readLine())
                    .startsWith("HTTP/1.1 413");
        }
    }

    /// The health check of the container image, on the same UrVote.
    @Test
    void isNotNeededToKnowThatUrVoteIsHealthy() throws Exception {
        assertThat(healthy(urvote.management().getPort())).isZero();
        assertThat(healthy(Ports.free())).isEqualTo(1);
    }

    private static int healthy(int port) throws IOException, InterruptedException {
        var check = new ProcessBuilder("packaging/healthy").redirectErrorStream(true);
        check.environment().put("URVOTE_MANAGEMENT_PORT", Integer.toString(port));
        var process = check.start();
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }

    private static String addressOfAVote(String from, URI to) throws Exception {
        var voter = stage.voter();
        var song = stage.song(stage.contest(), "Song");
        var answer = send(
                from,
                HttpRequest.newBuilder(to.resolve("/api/v1/songs/%d/votes".formatted(song.value())))
                        .header("Authorization", "Bearer " + voter.token())
                        .header("X-Forwarded-For", "203.0.113.9")
                        .POST(BodyPublishers.noBody())
                        .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return stage.database()
                .sql("select host(ip_address::inet) from contest.votes where voter_id = :voter")
                .param("voter", voter.user())
                .query(String.class)
                .single();
    }

    private static ContestSettings ofOneMegabyte() {
        var defaults = ContestSettings.DEFAULT;
        return new ContestSettings(
                defaults.timeZone(),
                1,
                1,
                Set.of(),
                Set.of(),
                defaults.hideCounts(),
                defaults.captcha(),
                0,
                1,
                null,
                null);
    }

    /// The file of the package with this test's ports and certificate, in a main file that writes below the folder
    /// only.
    private static Path configuration(Path folder) throws IOException {
        var text = Files.readString(Path.of("packaging/nginx.conf"));
        for (var change : List.of(
                List.of(
                        "server 127.0.0.1:8080 ",
                        "server 127.0.0.1:%d ".formatted(urvote.address().getPort())),
                List.of("listen 80;", "listen 127.0.0.1:%d;".formatted(http)),
                List.of("listen [::]:80;", ""),
                List.of("listen 443 ssl http2;", "listen 127.0.0.1:%d ssl http2;".formatted(https)),
                List.of("listen [::]:443 ssl http2;", ""),
                List.of("/etc/letsencrypt/live/vote.example.org/", folder + "/"),
                List.of("vote.example.org", "localhost"))) {
            assertThat(text).contains(change.getFirst());
            text = text.replace(change.getFirst(), change.getLast());
        }
        Files.writeString(folder.resolve("urvote.conf"), text);
        return NginxFiles.main(folder);
    }

    /// One for `localhost`, and who trusts it.
    private static SSLContext certificate(Path folder) throws Exception {
        run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                folder.resolve("privkey.pem").toString(),
                "-out",
                folder.resolve("fullchain.pem").toString());
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null);
        try (var file = Files.newInputStream(folder.resolve("fullchain.pem"))) {
            store.setCertificateEntry(
                    "localhost", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + https + path));
    }

    private static HttpResponse<String> send(String from, HttpRequest request) throws Exception {
        return client(from).send(request, BodyHandlers.ofString());
    }

    private static HttpClient client(String from) throws IOException {
        return HttpClient.newBuilder()
                .sslContext(trust)
                .localAddress(InetAddress.ofLiteral(from))
                .build();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private static boolean answers(int port) {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
