package rocks.urvote.votes;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;
import rocks.urvote.votes.BallotBatch.Numbered;

/// Draws ids from the sequence, many at a time; one writer's.
final class VoteIds {

    private static final int BLOCK = 1024;

    private static final String DRAW =
            "select /* votes.VoteIds.draw */ nextval('votes_id_seq') from generate_series(1, ?)";

    private PrimitiveIterator.OfLong drawn = LongStream.empty().iterator();

    List<Numbered> number(List<Ballot> ballots, Connection connection) throws SQLException {
        var numbered = new ArrayList<Numbered>(ballots.size());
        for (var ballot : ballots) {
            if (!drawn.hasNext()) {
                drawn = draw(connection);
            }
            numbered.add(new Numbered(new VoteId(drawn.nextLong()), ballot));
        }
        return numbered;
    }

    private static PrimitiveIterator.OfLong draw(Connection connection) throws SQLException {
        var ids = LongStream.builder();
        try (var statement = connection.prepareStatement(DRAW)) {
            statement.setInt(1, BLOCK);
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        return ids.build().iterator();
    }
}
