package rocks.urvote.bench;

import java.sql.Connection;
import java.sql.Date;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// Holds what the voters know against what the database holds, as its superuser sees it, and lets them retry what they
/// do not know about. Only good while nobody votes.
final class Proof {

    private static final Duration RETRIES = Duration.ofSeconds(30);

    private final Scene scene;
    private final Door door;
    private final Journal journal;
    private Runnable beforeCounting = () -> {};
    private int proven;
    private long replayed;

    Proof(Scene scene, Door door, Journal journal) {
        this.scene = scene;
        this.door = door;
        this.journal = journal;
    }

    /// What must have ended before tallies are counted.
    void beforeCounting(Runnable wait) {
        beforeCounting = wait;
    }

    /// Everything since the last time: first as it was left, then with the retries.
    Findings now() {
        awaitQuiet();
        var open = journal.takeOpen();
        var stored = stored(open);
        var before = journal.acknowledgedSince(proven);
        long missing = missing(before);
        proven = journal.acknowledgedSoFar();
        long wrong = retry(open, stored) + replay(before);
        awaitQuiet();
        var retried = journal.acknowledgedSince(proven);
        missing += missing(retried);
        proven = journal.acknowledgedSoFar();
        beforeCounting.run();
        var newlyReplayed = journal.replayed() - replayed;
        replayed = journal.replayed();
        return new Findings(
                before.size() + retried.size(),
                open.size(),
                stored.size(),
                newlyReplayed,
                missing,
                duplicates(),
                overTheLimit(),
                tallyDifferences(),
                ballotDifferences(),
                wrong);
    }

    /// All that was ever acknowledged, once more.
    long missingAtTheEnd() {
        return missing(journal.acknowledgedSince(0));
    }

    /// A killed UrVote's last statements may still be at work in the database.
    private void awaitQuiet() {
        Wait.until("nobody is at work in the database", Duration.ofMinutes(1), () -> number("""
            select count(*)
              from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()
               and backend_type = 'client backend' and state <> 'idle'
            """) == 0);
    }

    private long missing(List<Journal.Acknowledged> acknowledged) {
        return ask(db -> {
            try (var statement = db.prepareStatement("""
                select count(*)
                  from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::date[]) as a(vote, song, voter, day)
                  left join contest.votes v on v.id = a.vote and v.voter_id = a.voter and v.vote_day = a.day
                                           and v.song_id = a.song and v.status = 'counted' and v.contest_id = ?
                 where v.id is null
                """)) {
                statement.setArray(
                        1,
                        db.createArrayOf(
                                "bigint",
                                acknowledged.stream().map(a -> a.vote()).toArray()));
                statement.setArray(
                        2,
                        db.createArrayOf(
                                "bigint",
                                acknowledged.stream()
                                        .map(a -> a.attempt().song())
                                        .toArray()));
                statement.setArray(
                        3,
                        db.createArrayOf(
                                "bigint",
                                acknowledged.stream()
                                        .map(a -> a.attempt().voter())
                                        .toArray()));
                statement.setArray(
                        4,
                        db.createArrayOf(
                                "date",
                                acknowledged.stream()
                                        .map(a -> Date.valueOf(a.day()))
                                        .toArray()));
                statement.setLong(5, scene.contest());
                try (var row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    /// Which of the attempts are stored, and under which id, though nobody was told.
    private Map<Scene.Attempt, Long> stored(List<Scene.Attempt> open) {
        return ask(db -> {
            var found = new HashMap<Scene.Attempt, Long>();
            try (var statement = db.prepareStatement("""
                select a.n, v.id
                  from unnest(?::bigint[], ?::bigint[]) with ordinality as a(song, voter, n)
                  join contest.votes v on v.song_id = a.song and v.voter_id = a.voter and v.contest_id = ?
                                      and v.status <> 'withdrawn'
                """)) {
                statement.setArray(
                        1,
                        db.createArrayOf(
                                "bigint", open.stream().map(a -> a.song()).toArray()));
                statement.setArray(
                        2,
                        db.createArrayOf(
                                "bigint", open.stream().map(a -> a.voter()).toArray()));
                statement.setLong(3, scene.contest());
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.put(open.get((int) rows.getLong(1) - 1), rows.getLong(2));
                    }
                }
            }
            return found;
        });
    }

    private long retry(List<Scene.Attempt> open, Map<Scene.Attempt, Long> stored) {
        long wrong = 0;
        for (var attempt : open) {
            var reply = answered(attempt);
            journal.noteRetry(attempt, stored.containsKey(attempt), reply);
            var problem = problem(attempt, stored.get(attempt), reply);
            if (problem.isEmpty() && attempt.keyed() && reply.received()) {
                var again = answered(attempt);
                problem = again.received() && again.body().equals(reply.body())
                        ? ""
                        : "the second retry said %d %s".formatted(again.status(), again.body());
            }
            if (!problem.isEmpty()) {
                wrong++;
                journal.odd("Voter %d, song %d, stored %s, retried %s: %d %s %s"
                        .formatted(
                                attempt.voter(),
                                attempt.song(),
                                stored.get(attempt),
                                attempt.keyed() ? "with its key" : "without a key",
                                reply.status(),
                                reply.body(),
                                problem));
            }
        }
        return wrong;
    }

    /// What the voter has to hear: of a stored vote its id, or without a key that it is there; else a new answer.
    private static String problem(Scene.Attempt attempt, Long stored, Door.Reply reply) {
        if (stored == null) {
            return reply.received() || reply.code().equals("daily_limit_reached") ? "" : "though nothing was stored";
        }
        if (!attempt.keyed()) {
            return reply.code().equals("already_voted") ? "" : "though it is stored";
        }
        return reply.received() && reply.vote() == stored ? "" : "though it is stored under another id";
    }

    /// Answers from before the crash are still the same after it.
    private long replay(List<Journal.Acknowledged> acknowledged) {
        var keyed = acknowledged.stream().filter(a -> a.attempt().keyed()).toList();
        long before = journal.oddities().size();
        for (var last : keyed.subList(Math.max(0, keyed.size() - 10), keyed.size())) {
            journal.noteReplay(last, answered(last.attempt()));
        }
        return journal.oddities().size() - before;
    }

    private Door.Reply answered(Scene.Attempt attempt) {
        long end = System.nanoTime() + RETRIES.toNanos();
        var reply = door.handIn(attempt);
        while (reply.open() && System.nanoTime() < end) {
            Wait.pause(Duration.ofMillis(100));
            reply = door.handIn(attempt);
        }
        return reply;
    }

    private long duplicates() {
        return number("""
            select (select count(*)
                      from (select from contest.votes where status <> 'withdrawn'
                             group by song_id, voter_id, vote_day having count(*) > 1) twice)
                 + (select count(*) from (select from contest.votes group by id having count(*) > 1) same_id)
            """);
    }

    private long overTheLimit() {
        return number("""
            select count(*)
              from (select contest_id, voter_id, vote_day, count(*) as n from contest.votes where status <> 'withdrawn'
                     group by contest_id, voter_id, vote_day) used
              join contest.contests c on c.id = used.contest_id
             where used.n > coalesce((c.settings ->> 'votes_per_day')::integer, 10)
            """);
    }

    private long tallyDifferences() {
        return number("""
            select count(*)
              from (select song_id, count(*) as n from contest.votes where status = 'counted' group by song_id) counted
              full join (select song_id, sum(n) as n from contest.song_tallies group by song_id) tally using (song_id)
             where coalesce(counted.n, 0) <> coalesce(tally.n, 0)
            """);
    }

    private long ballotDifferences() {
        return number("""
            select count(*)
              from (select contest_id, voter_id, vote_day, count(*)::integer as n, array_agg(song_id order by song_id) as songs
                      from contest.votes where status <> 'withdrawn'
                     group by contest_id, voter_id, vote_day) used
              full join (select contest_id, voter_id, vote_day, n,
                                array(select unnest(songs[1 : n]) as song order by song) as songs
                           from contest.ballots where n > 0) ballot using (contest_id, voter_id, vote_day)
             where used.n is distinct from ballot.n or used.songs is distinct from ballot.songs
            """);
    }

    private long number(String sql) {
        return ask(db -> {
            try (var statement = db.createStatement();
                    var row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    private interface Question<T> {

        T of(Connection db) throws SQLException;
    }

    /// The database may have come back only now.
    private <T> T ask(Question<T> question) {
        var answer = new java.util.concurrent.atomic.AtomicReference<T>();
        Callable<Boolean> asked = () -> {
            try (var db = scene.connect()) {
                answer.set(question.of(db));
                return true;
            }
        };
        Wait.until("the database answers", Duration.ofMinutes(1), asked);
        return answer.get();
    }
}
