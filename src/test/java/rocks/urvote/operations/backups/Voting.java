package rocks.urvote.operations.backups;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import rocks.urvote.songs.SongId;
import rocks.urvote.testkit.Stage;

/// Somebody votes until it is closed, for one new song after the other.
final class Voting implements AutoCloseable {

    private final AtomicBoolean over = new AtomicBoolean();
    private final CompletableFuture<Integer> votes;

    private Voting(Stage stage) {
        var contest = stage.contest(Stage.votesPerDay(1000));
        var voter = stage.voter();
        votes = CompletableFuture.supplyAsync(
                () -> {
                    int cast = 0;
                    while (!over.get() && cast < 1000) {
                        SongId song = stage.song(contest, Stage.unique("While "));
                        var answer = voter.postWith("/api/v1/songs/%d/votes".formatted(song.value()), "");
                        if (answer.status() != 201) {
                            throw new IllegalStateException("A vote was answered with %d".formatted(answer.status()));
                        }
                        cast++;
                    }
                    return cast;
                },
                Thread::startVirtualThread);
    }

    static Voting on(Stage stage) {
        return new Voting(stage);
    }

    @Override
    public void close() {
        over.set(true);
        if (votes.join() == 0) {
            throw new IllegalStateException("Nobody voted");
        }
    }
}
