package rocks.urvote.votes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.Id;
import rocks.urvote.songs.SongId;
import rocks.urvote.votes.Ruling.AlreadyVoted;
import rocks.urvote.votes.Ruling.DailyLimitReached;
import rocks.urvote.votes.Ruling.EmailNotVerified;
import rocks.urvote.votes.Ruling.KeyReused;
import rocks.urvote.votes.Ruling.NotEligible;
import rocks.urvote.votes.Ruling.OwnSong;
import rocks.urvote.votes.Ruling.Received;
import rocks.urvote.votes.Ruling.Repeated;
import rocks.urvote.votes.Ruling.SongNotFound;
import rocks.urvote.votes.Ruling.VotingClosed;

/// The one statement that casts a batch of votes, `cast-batch.sql`, and what it says of each.
@Component
final class BallotBatch {

    static final String CAST = text("cast-batch.sql");

    private static final String STORED = """
        select /* votes.BallotBatch.stored */
               v.id as vote, v.song_id as song, 'received' as outcome, v.contest_id as contest, v.vote_day as day,
               b.lim - array_position(b.songs, v.song_id) as left_today,
               null::smallint as http_status, null::text as body, null::integer as resets_in
          from votes v
          join ballots b on b.contest_id = v.contest_id and b.voter_id = v.voter_id and b.vote_day = v.vote_day
         where v.id = any (?)
        """;

    private final VoteReplies replies;

    BallotBatch(VoteReplies replies) {
        this.replies = replies;
    }

    /// A ballot with the id its vote will have, drawn before the first try: whoever tries again can ask whether it is
    /// stored.
    record Numbered(VoteId vote, Ballot ballot) {}

    /// What became of each, once all of it is on disk.
    Map<VoteId, Ruling> cast(List<Numbered> ballots, Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(CAST)) {
            bind(ballots, connection, statement);
            return rulings(statement);
        }
    }

    /// Those that an earlier try stored, though its answer was lost.
    Map<VoteId, Ruling> stored(List<Numbered> ballots, Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(STORED)) {
            statement.setObject(1, numbers(ballots, Numbered::vote));
            return rulings(statement);
        }
    }

    private static Map<VoteId, Ruling> rulings(PreparedStatement statement) throws SQLException {
        try (var row = statement.executeQuery()) {
            var rulings = new HashMap<VoteId, Ruling>();
            while (row.next()) {
                var vote = new VoteId(row.getLong("vote"));
                rulings.put(vote, ruling(row, vote));
            }
            return rulings;
        }
    }

    /// In the order of `asked` in the statement.
    private void bind(List<Numbered> ballots, Connection connection, PreparedStatement statement) throws SQLException {
        statement.setObject(1, numbers(ballots, Numbered::vote));
        statement.setObject(2, numbers(ballots, each -> each.ballot().song()));
        statement.setObject(3, numbers(ballots, each -> each.ballot().voter()));
        var verified = ballots.stream().map(each -> each.ballot().verified()).toArray();
        statement.setArray(4, connection.createArrayOf("boolean", verified));
        statement.setArray(5, texts(ballots, connection, Ballot::country));
        statement.setArray(6, texts(ballots, connection, Ballot::ipAddress));
        statement.setArray(7, texts(ballots, connection, Ballot::userAgent));
        statement.setArray(8, texts(ballots, connection, Ballot::deviceFingerprint));
        statement.setArray(
                9,
                texts(
                        ballots,
                        connection,
                        ballot -> ballot.key() == null ? null : ballot.key().value()));
        statement.setArray(
                10,
                texts(
                        ballots,
                        connection,
                        ballot -> ballot.key() == null ? null : ballot.key().requestHash()));
        statement.setString(11, VoteReplies.RECEIVED);
        statement.setString(12, replies.alreadyVoted());
        statement.setString(13, replies.dailyLimitReached());
    }

    private static long[] numbers(List<Numbered> ballots, Function<Numbered, Id> id) {
        return ballots.stream().mapToLong(each -> id.apply(each).value()).toArray();
    }

    private static Array texts(List<Numbered> ballots, Connection connection, Function<Ballot, @Nullable String> text)
            throws SQLException {
        var texts = ballots.stream().map(each -> text.apply(each.ballot())).toArray();
        return connection.createArrayOf("text", texts);
    }

    private static Ruling ruling(ResultSet row, VoteId vote) throws SQLException {
        var contest = new ContestId(row.getLong("contest"));
        var outcome = row.getString("outcome");
        return switch (outcome) {
            case "received" ->
                new Received(
                        vote,
                        new SongId(row.getLong("song")),
                        contest,
                        row.getObject("day", LocalDate.class),
                        row.getInt("left_today"));
            case "repeated" -> new Repeated(row.getInt("http_status"), row.getString("body"), untilMidnight(row));
            case "key_reused" -> new KeyReused();
            case "song_not_found" -> new SongNotFound();
            case "voting_closed" -> new VotingClosed(contest);
            case "email_not_verified" -> new EmailNotVerified(contest);
            case "own_song" -> new OwnSong(contest);
            case "not_eligible" -> new NotEligible(contest);
            case "already_voted" -> new AlreadyVoted(contest);
            case "daily_limit_reached" -> new DailyLimitReached(contest, Duration.ofSeconds(row.getInt("resets_in")));
            default -> throw new IllegalStateException("Nobody knows the outcome " + outcome);
        };
    }

    private static @Nullable Duration untilMidnight(ResultSet row) throws SQLException {
        return row.getInt("http_status") == 429 ? Duration.ofSeconds(row.getInt("resets_in")) : null;
    }

    private static String text(String resource) {
        try (var stream = BallotBatch.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(resource + " is missing");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
