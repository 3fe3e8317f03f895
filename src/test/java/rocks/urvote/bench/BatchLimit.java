package rocks.urvote.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// The batch limit: UrVote's own statement with 256 votes at a time, and nothing around it.
final class BatchLimit {

    private static final int BATCH = 256;

    /// As the writers connect, see `BallotConnection`.
    private static final String OPTIONS = "-c role=urvote_user -c urvote.role=ballot_box -c search_path=contest"
            + " -c synchronous_commit=on -c plan_cache_mode=force_generic_plan -c enable_nestloop=off"
            + " -c enable_seqscan=off -c jit=off";

    private BatchLimit() {}

    /// Votes that were tried; how many are in, the table says.
    static long run(String url, Stock stock, Stock.Contest contest, int connections, int seconds) throws Exception {
        var sql = sql();
        var place = new AtomicLong();
        var end = System.nanoTime() + seconds * 1_000_000_000L;
        var tasks = new ArrayList<Callable<Long>>();
        for (var i = 0; i < connections; i++) {
            tasks.add(() -> writer(url, sql, stock, contest, place, end));
        }
        long total = 0;
        try (var threads = Executors.newFixedThreadPool(connections)) {
            for (var done : threads.invokeAll(tasks)) {
                total += done.get();
            }
        }
        return total;
    }

    private static long writer(String url, String sql, Stock stock, Stock.Contest contest, AtomicLong place, long end)
            throws SQLException {
        long total = 0;
        try (var db = Stock.connect(url, OPTIONS)) {
            db.createStatement().execute("select set_config('urvote.tally_shard', contest.tally_shard()::text, false)");
            try (var statement = db.prepareStatement(sql);
                    var ids = db.prepareStatement("select nextval('votes_id_seq') from generate_series(1, ?)")) {
                while (System.nanoTime() < end) {
                    var from = place.getAndAdd(BATCH);
                    var votes = new long[BATCH];
                    var songs = new long[BATCH];
                    var voters = new long[BATCH];
                    var verified = new Boolean[BATCH];
                    var nothing = new String[BATCH];
                    var addresses = new String[BATCH];
                    var agents = new String[BATCH];
                    ids.setInt(1, BATCH);
                    try (var drawn = ids.executeQuery()) {
                        for (var i = 0; i < BATCH; i++) {
                            drawn.next();
                            var voter = (from + i) % stock.voters();
                            votes[i] = drawn.getLong(1);
                            voters[i] = stock.firstVoter() + voter;
                            songs[i] =
                                    contest.firstSong() + (voter * 7 + (from + i) / stock.voters() * 13) % Stock.SONGS;
                            verified[i] = true;
                            addresses[i] = "127.0.0.1";
                            agents[i] = "bench";
                        }
                    }
                    statement.setObject(1, votes);
                    statement.setObject(2, songs);
                    statement.setObject(3, voters);
                    statement.setArray(4, db.createArrayOf("boolean", verified));
                    statement.setArray(5, db.createArrayOf("text", nothing));
                    statement.setArray(6, db.createArrayOf("text", addresses));
                    statement.setArray(7, db.createArrayOf("text", agents));
                    statement.setArray(8, db.createArrayOf("text", nothing));
                    statement.setArray(9, db.createArrayOf("text", nothing));
                    statement.setArray(10, db.createArrayOf("text", nothing));
                    statement.setString(11, "%s%s%s%s");
                    statement.setString(12, "");
                    statement.setString(13, "");
                    try (var rows = statement.executeQuery()) {
                        while (rows.next()) {
                            total++;
                        }
                    }
                }
            }
        }
        return total;
    }

    private static String sql() throws IOException {
        try (var stream = BatchLimit.class.getResourceAsStream("/cast-batch.sql")) {
            if (stream == null) {
                throw new IllegalStateException("cast-batch.sql of the jar is missing");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
