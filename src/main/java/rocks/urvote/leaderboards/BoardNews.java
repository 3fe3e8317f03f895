package rocks.urvote.leaderboards;

import java.time.Duration;
import java.util.Collection;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.ContestId;
import rocks.urvote.operations.News;

/// Tells the other nodes where votes came in on this one, and hears where they came in on others.
///
/// Told apart from the votes' transactions and at most every 100 ms: PostgreSQL commits transactions that notify one
/// after the other.
@Component
final class BoardNews implements News, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(BoardNews.class);

    private static final Duration BEAT = Duration.ofMillis(100);
    private static final int BEATS_OF_A_SECOND = 10;

    /// A notification holds at most 8,000 bytes.
    private static final int MOST_AT_ONCE = 300;

    private final String self = UUID.randomUUID().toString();
    private final Boards boards;
    private final JdbcClient db;
    private @Nullable Thread telling;
    private volatile boolean running;

    BoardNews(Boards boards, JdbcClient db) {
        this.boards = boards;
        this.db = db;
    }

    @Override
    public String channel() {
        return "urvote_boards";
    }

    @Override
    public void hear(String payload) {
        var parts = payload.split(":", 2);
        if (parts.length < 2) {
            throw new IllegalArgumentException("No list of contests");
        }
        if (!parts[0].equals(self)) {
            for (var contest : parts[1].split(",", 0)) {
                boards.heardOf(new ContestId(Long.parseLong(contest)));
            }
        }
    }

    @Override
    public void catchUp() {
        boards.heardOfAnything();
    }

    @Override
    public void start() {
        running = true;
        telling = Thread.ofVirtual().name("board-news").start(this::tell);
    }

    @Override
    public void stop() {
        running = false;
        if (telling != null) {
            telling.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /// As long as there are requests.
    @Override
    public int getPhase() {
        return 0;
    }

    private void tell() {
        for (var beat = 0; running; beat++) {
            try {
                Thread.sleep(BEAT);
            } catch (InterruptedException e) {
                return;
            }
            if (beat % BEATS_OF_A_SECOND == 0) {
                boards.refreshWatched();
            }
            var contests = boards.toTell();
            for (int from = 0; from < contests.size(); from += MOST_AT_ONCE) {
                tell(contests.subList(from, Math.min(contests.size(), from + MOST_AT_ONCE)));
            }
        }
    }

    private void tell(Collection<ContestId> contests) {
        try {
            db.sql("select pg_notify(:channel, :payload)")
                    .param("channel", channel())
                    .param(
                            "payload",
                            contests.stream()
                                    .map(contest -> Long.toString(contest.value()))
                                    .collect(Collectors.joining(",", self + ":", "")))
                    .query()
                    .singleRow();
        } catch (RuntimeException e) {
            boards.notTold(contests);
            log.debug("Other nodes hear later of votes in {}", contests, e);
        }
    }
}
