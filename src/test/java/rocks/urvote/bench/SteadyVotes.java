package rocks.urvote.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// So many votes a second, each sent when it is due whatever has become of those before, and timed from then: what
/// waits is seen.
final class SteadyVotes implements AutoCloseable {

    private static final int VOTES_PER_DAY = 10;

    private final URI address;
    private final List<String> tokens;
    private final long firstSong;
    private final long every;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final ExecutorService voters = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Cast> cast = new ConcurrentLinkedQueue<>();
    private final Thread clock;
    private volatile boolean over;

    private SteadyVotes(URI address, List<String> tokens, long firstSong, int perSecond) {
        this.address = address;
        this.tokens = tokens;
        this.firstSong = firstSong;
        this.every = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.clock = Thread.ofPlatform().name("votes come").start(this::come);
    }

    /// One vote: when it was due and how long it took, in nanoseconds, and whether it was received.
    private record Cast(long due, long took, boolean received) {}

    /// What became of the votes of some time.
    record Seen(long votes, long lost, double p50, double p99, double longest) {}

    static SteadyVotes begin(URI address, List<String> tokens, Stock.Contest contest, int perSecond) {
        return new SteadyVotes(address, tokens, contest.firstSong(), perSecond);
    }

    private void come() {
        long start = System.nanoTime();
        for (long n = 0; !over; n++) {
            if (n >= (long) tokens.size() * VOTES_PER_DAY) {
                throw new IllegalStateException("Every voter has used up the votes of the day");
            }
            long due = start + n * every;
            for (long left; (left = due - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(left);
            }
            int voter = (int) (n % tokens.size());
            long song = firstSong + (voter + n / tokens.size()) % Stock.SONGS;
            voters.execute(() -> vote(due, tokens.get(voter), song));
        }
    }

    private void vote(long due, String token, long song) {
        var request = HttpRequest.newBuilder(address.resolve("/api/v1/songs/%d/votes".formatted(song)))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody())
                .build();
        boolean received = false;
        try {
            received = http.send(request, BodyHandlers.discarding()).statusCode() == 201;
        } catch (IOException e) {
            // It counts as lost.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        cast.add(new Cast(due, System.nanoTime() - due, received));
    }

    /// Of the votes that were due between two moments of `System.nanoTime`, once each has its answer.
    Seen between(long from, long to) {
        var some = cast.stream()
                .filter(each -> each.due() - from >= 0 && each.due() - to < 0)
                .toList();
        var sorted = some.stream().mapToLong(Cast::took).sorted().toArray();
        return new Seen(
                sorted.length,
                some.stream().filter(each -> !each.received()).count(),
                millis(sorted, 0.5),
                millis(sorted, 0.99),
                millis(sorted, 1));
    }

    private static double millis(long[] sorted, double share) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))] / 1e6;
    }

    /// Comes back when the last vote has its answer.
    @Override
    public void close() {
        over = true;
        try {
            clock.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        voters.close();
        http.close();
    }
}
