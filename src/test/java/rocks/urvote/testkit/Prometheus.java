package rocks.urvote.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real Prometheus of this machine, which looks at one UrVote every second.
public final class Prometheus implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration A_START = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final Process process;
    private final URI address;

    private Prometheus(Path folder, Process process, URI address) {
        this.folder = folder;
        this.process = process;
        this.address = address;
    }

    /// As Debian's package brings it: `apt install --no-install-recommends prometheus`. Its service need not run.
    public static boolean isHere() {
        try {
            return !run("prometheus", "--version").isEmpty()
                    && !run("promtool", "--version").isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /// What a program of it says, and an exception where it says no.
    public static String run(String... command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException("%s said\n%s".formatted(String.join(" ", command), said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return said;
    }

    /// One that looks at it every second or so.
    ///
    /// @param target what it looks at, as the job `urvote`
    /// @param rules  the text of its file of rules
    public static Prometheus start(URI target, String rules) {
        try {
            var folder = Files.createTempDirectory("prometheus");
            Files.writeString(folder.resolve("rules.yml"), rules);
            Files.writeString(folder.resolve("prometheus.yml"), """
                global:
                  scrape_interval: 1s
                  scrape_timeout: 1s
                  evaluation_interval: 1s
                rule_files: [rules.yml]
                scrape_configs:
                  - job_name: urvote
                    static_configs:
                      - targets: ["%s:%d"]
                """.formatted(target.getHost(), target.getPort()));
            var address = URI.create("http://127.0.0.1:" + Ports.free());
            var process = new ProcessBuilder(
                            "prometheus",
                            "--config.file=" + folder.resolve("prometheus.yml"),
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + address.getPort(),
                            "--web.enable-lifecycle",
                            "--log.level=warn")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            var prometheus = new Prometheus(folder, process, address);
            prometheus.awaitReady();
            return prometheus;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() throws IOException {
        var end = Instant.now().plus(A_START);
        while (!ready()) {
            if (!process.isAlive() || Instant.now().isAfter(end)) {
                var said = Files.readString(folder.resolve("log"));
                close();
                throw new IllegalStateException("Prometheus did not start:\n" + said);
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private boolean ready() {
        try {
            return ask(HttpRequest.newBuilder(address.resolve("/-/ready")), 0).startsWith("Prometheus");
        } catch (IOException | IllegalStateException e) {
            return false;
        }
    }

    /// What an expression gives now: an array of series, each with its labels and value. One that it does not
    /// understand is an exception.
    public JsonNode query(String expression) {
        try {
            var query = "/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8);
            var result = JSON.readTree(ask(HttpRequest.newBuilder(address.resolve(query)), 200))
                    .path("data");
            return result.path("resultType").asString("").equals("scalar")
                    ? JSON.createArrayNode().add(result)
                    : result.path("result");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The names of the alerts that fire.
    public Set<String> firing() {
        var names = new TreeSet<String>();
        query("ALERTS{alertstate=\"firing\"}")
                .forEach(alert ->
                        names.add(alert.path("metric").path("alertname").asString()));
        return names;
    }

    /// Goes on with other rules.
    public void follow(String rules) {
        try {
            Files.writeString(folder.resolve("rules.yml"), rules);
            var _ = ask(HttpRequest.newBuilder(address.resolve("/-/reload")).POST(BodyPublishers.noBody()), 200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String ask(HttpRequest.Builder request, int status) throws IOException {
        try {
            var answer = http.send(request.build(), BodyHandlers.ofString());
            if (status != 0 && answer.statusCode() != status) {
                throw new IllegalStateException(
                        "Prometheus answered %d: %s".formatted(answer.statusCode(), answer.body()));
            }
            return answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
