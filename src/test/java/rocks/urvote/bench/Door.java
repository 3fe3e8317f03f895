package rocks.urvote.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Where votes are handed in over HTTP: one node's address, or several in turn. It never tries again by itself.
final class Door {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Pattern VOTE = Pattern.compile("\"vote_id\"\\s*:\\s*(\\d+)");
    private static final Pattern DAY = Pattern.compile("\"vote_day\"\\s*:\\s*\"([0-9-]+)\"");
    private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*\"([a-z_]+)\"");

    private final List<Supplier<URI>> nodes;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final AtomicInteger turn = new AtomicInteger();

    private Door(List<Supplier<URI>> nodes) {
        this.nodes = nodes;
    }

    static Door of(Node... nodes) {
        return new Door(List.of(nodes).stream()
                .map(node -> (Supplier<URI>) node::address)
                .toList());
    }

    static Door at(URI address) {
        return new Door(List.of(() -> address));
    }

    /// What came back. Status 0: nothing did, and `body` says why.
    record Reply(int status, String body, boolean saysWhenToComeBack, Duration took) {

        boolean received() {
            return status == 201;
        }

        /// Whether the vote may be stored or not, for all the voter can know.
        boolean open() {
            return status == 0 || status >= 500;
        }

        long vote() {
            var found = VOTE.matcher(body);
            return found.find() ? Long.parseLong(found.group(1)) : -1;
        }

        LocalDate day() {
            var found = DAY.matcher(body);
            if (!found.find()) {
                throw new IllegalStateException("A received vote has no day: " + body);
            }
            return LocalDate.parse(found.group(1));
        }

        String code() {
            var found = CODE.matcher(body);
            return found.find() ? found.group(1) : "";
        }
    }

    Reply handIn(Scene.Attempt attempt) {
        var request = HttpRequest.newBuilder(address().resolve("/api/v1/songs/%d/votes".formatted(attempt.song())))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + attempt.token())
                .POST(BodyPublishers.noBody());
        if (attempt.keyed()) {
            request.header("Idempotency-Key", attempt.key());
        }
        return send(request.build());
    }

    Reply leaderboard(long contest) {
        return send(HttpRequest.newBuilder(address().resolve("/api/v1/contests/%d/leaderboard".formatted(contest)))
                .timeout(PATIENCE)
                .build());
    }

    private URI address() {
        return nodes.get(Math.floorMod(turn.getAndIncrement(), nodes.size())).get();
    }

    private Reply send(HttpRequest request) {
        long begun = System.nanoTime();
        try {
            var response = http.send(request, BodyHandlers.ofString());
            return new Reply(
                    response.statusCode(),
                    response.body(),
                    response.headers().firstValue("Retry-After").isPresent(),
                    Duration.ofNanos(System.nanoTime() - begun));
        } catch (IOException e) {
            return new Reply(0, e.toString(), false, Duration.ofNanos(System.nanoTime() - begun));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for an answer", e);
        }
    }
}
