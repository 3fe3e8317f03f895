package rocks.urvote.votes;

import java.sql.Connection;
import java.util.List;
import rocks.urvote.operations.Proof;

/// Tallies equal a recount.
final class RecountProof implements Proof {

    @Override
    public List<String> faults(Connection connection) {
        return new Recount(connection)
                .differences().stream()
                        .map(song -> "the tally of song %d is %,d, but a recount gives %,d"
                                .formatted(song.song(), song.tally(), song.recount()))
                        .toList();
    }
}
