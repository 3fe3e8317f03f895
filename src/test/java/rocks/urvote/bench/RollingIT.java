package rocks.urvote.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rocks.urvote.testkit.Ports;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.TestPostgres;

/// Two nodes on one database behind a real nginx, each stopped and started again while people vote, read and watch.
class RollingIT {

    private static final int VOTES_PER_SECOND = 100;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void nobodyNoticesThatOneNodeAfterTheOtherIsReplaced(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/nginx")), "nginx is not on this machine");
        var database = TestPostgres.freshDatabase();
        var ports = List.of(Ports.free(), Ports.free());
        var nodes = new RunningUrVote[] {node(database, ports.get(0)), node(database, ports.get(1))};
        try (var balancer = Balancer.before(folder, ports.get(0), ports.get(1));
                var journal = Journal.in(folder.resolve("journal"))) {
            var scene = Scene.set(database, new Random(4), 40, Scene.VOTES_PER_DAY);
            scene.enough(VOTES_PER_SECOND * 60);
            try (var watchers = new Watchers(balancer.address(), scene.contest(), 4)) {
                var steady = Steady.at(VOTES_PER_SECOND, 50, scene, balancer.address(), journal);
                Thread.sleep(Duration.ofSeconds(1));

                for (int at = 0; at < nodes.length; at++) {
                    nodes[at].close();
                    nodes[at] = node(database, ports.get(at));
                    assertThat(ready(nodes[at])).isTrue();
                    // As long as nginx leaves a node alone that refused it.
                    Thread.sleep(Duration.ofMillis(1500));
                }

                var seen = steady.stop().getFirst();
                assertThat(seen.failures()).isEmpty();
                assertThat(seen.votes()).isGreaterThan(5 * VOTES_PER_SECOND);
                assertThat(watchers.failures).isEmpty();
                assertThat(watchers.ended.get())
                        .as("streams that ended with their node")
                        .isPositive();
            }
            var findings = new Proof(scene, Door.at(balancer.address()), journal).now();
            assertThat(findings).matches(Findings::clean);
            assertThat(journal.oddities()).isEmpty();
        } finally {
            for (var node : nodes) {
                node.close();
            }
        }
    }

    private boolean ready(RunningUrVote node) throws Exception {
        return http.send(
                                HttpRequest.newBuilder(node.management().resolve("/health/ready"))
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode()
                == 200;
    }

    private static RunningUrVote node(String database, int port) {
        return RunningUrVote.start(Map.of(
                "URVOTE_DATABASE_URL", database,
                "URVOTE_PORT", Integer.toString(port),
                "URVOTE_TRUSTED_PROXIES", "127.0.0.1",
                "URVOTE_DRAIN", "4s",
                "URVOTE_VOTES_PER_VOTER", "1000000",
                "URVOTE_VOTES_PER_ADDRESS", "1000000"));
    }

    /// People before a live leaderboard, whose browsers connect again when a stream ends.
    private static final class Watchers implements AutoCloseable {

        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicInteger ended = new AtomicInteger();
        private final HttpClient http = HttpClient.newHttpClient();
        private volatile boolean stopping;

        private Watchers(URI address, long contest, int many) {
            var stream = address.resolve("/api/v1/contests/%d/leaderboard/stream".formatted(contest));
            for (int watcher = 0; watcher < many; watcher++) {
                Thread.ofVirtual().start(() -> watch(stream));
            }
        }

        private void watch(URI stream) {
            while (!stopping) {
                try {
                    var answer = http.send(HttpRequest.newBuilder(stream).build(), BodyHandlers.ofLines());
                    if (answer.statusCode() != 200) {
                        failures.add("a stream was answered with " + answer.statusCode());
                    }
                    long lines = answer.body().takeWhile(_ -> !stopping).count();
                    if (!stopping) {
                        ended.incrementAndGet();
                        if (lines == 0) {
                            failures.add("a stream ended without a word");
                        }
                        Thread.sleep(Duration.ofMillis(500));
                    }
                } catch (Exception e) {
                    if (!stopping) {
                        failures.add("a stream broke: " + e);
                    }
                }
            }
        }

        @Override
        public void close() {
            stopping = true;
            http.shutdownNow();
        }
    }
}
