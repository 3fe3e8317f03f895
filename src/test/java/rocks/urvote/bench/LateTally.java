package rocks.urvote.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The second half of [BrokenBuild#TALLY_OUTSIDE]: a transaction of its own for each vote's tally, some time after the
/// vote's. It lives as long as the UrVote that it belongs to, so a crash takes what was still to be counted.
final class LateTally implements AutoCloseable {

    private final Scene scene;
    private final LinkedBlockingQueue<Long> songs = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofPlatform().name("late tally").unstarted(this::count);
    private volatile boolean idle = true;
    private volatile boolean closed;

    private LateTally(Scene scene) {
        this.scene = scene;
    }

    static LateTally of(Scene scene) {
        var tally = new LateTally(scene);
        tally.thread.start();
        return tally;
    }

    void later(long song) {
        songs.add(song);
    }

    void crash() {
        songs.clear();
    }

    void awaitDone() {
        Wait.until("the tallies are written", Duration.ofMinutes(2), () -> songs.isEmpty() && idle);
    }

    private void count() {
        while (!closed) {
            try (var db = scene.connect()) {
                countOn(db);
            } catch (SQLException e) {
                Wait.pause(Duration.ofMillis(50));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void countOn(Connection db) throws SQLException, InterruptedException {
        try (var statement = db.prepareStatement("""
            insert into contest.song_tallies as t (song_id, shard, n, changes) values (?, 0, 1, 1)
                on conflict (song_id, shard) do update set n = t.n + 1, changes = t.changes + 1
            """)) {
            while (!closed) {
                idle = true;
                var song = songs.poll(50, TimeUnit.MILLISECONDS);
                idle = false;
                if (song != null) {
                    statement.setLong(1, song);
                    statement.executeUpdate();
                }
            }
        } finally {
            idle = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
