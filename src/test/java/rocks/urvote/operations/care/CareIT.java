package rocks.urvote.operations.care;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Databases;
import rocks.urvote.operations.TestDatabases;
import rocks.urvote.operations.care.CareOfIndexes.Bloated;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// Care of a real database, while it serves.
class CareIT {

    static RunningUrVote urvote;
    static JdbcClient db;
    static Databases databases;

    @BeforeAll
    static void start() throws ClassNotFoundException {
        urvote = RunningUrVote.start();
        db = new Stage(urvote).database();
        databases = TestDatabases.of(urvote.databaseUrl());
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @Test
    void vacuumsWhatHoldsManyDeadRowsAndNothingElse() throws SQLException {
        fillAnswers("vacuum", 3_000);
        db.sql("delete from contest.vote_answers where idempotency_key like 'vacuum %'")
                .update();
        flush();
        var care = new CareOfTables(databases, 4);

        assertThat(care.plan())
                .anyMatch(line -> line.startsWith("contest.vote_answers would be vacuumed: 3,000 dead rows"))
                .noneMatch(line -> line.startsWith("identity.users "));
        assertThat(care.run()).contains("vacuumed: contest.vote_answers");

        assertThat(dead("vote_answers")).isZero();
        assertThat(care.plan()).noneMatch(line -> line.startsWith("contest.vote_answers"));
    }

    /// As care of indexes locks one, which begins at the same hour.
    @Test
    void goesOnWithTheOthersWhereATableIsLocked() throws SQLException {
        fillAnswers("locked", 3_000);
        db.sql("delete from contest.vote_answers where idempotency_key like 'locked %'")
                .update();
        db.sql("select contest.make_votes_partition('2025-05-01')").query().listOfRows();
        db.sql("""
            insert into contest.ballots (contest_id, voter_id, vote_day, lim, n, added, songs)
            select 1, n, '2025-05-07', 10, 0, 0, '{}' from generate_series(1, 100) n
            """).update();
        flush();
        var care = new CareOfTables(databases, 4);
        try (var other = databases.connect(databases.own());
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table contest.vote_answers in share update exclusive mode");

            assertThatThrownBy(care::run)
                    .isInstanceOf(Command.Failed.class)
                    .hasMessageContaining("locked by others, and left: contest.vote_answers")
                    .message()
                    .containsPattern("frozen: .*contest\\.ballots_2025_05")
                    .containsPattern("analysed: .*contest\\.ballots\\b");

            other.rollback();
        }
        assertThat(care.run()).contains("vacuumed: contest.vote_answers");
    }

    @Test
    void freezesAMonthThatIsOverOnceAndAgainWhenItChanged() throws SQLException {
        db.sql("select contest.make_votes_partition('2025-03-01')").query().listOfRows();
        db.sql("""
            insert into contest.ballots (contest_id, voter_id, vote_day, lim, n, added, songs)
            select 1, n, '2025-03-07', 10, 0, 0, '{}' from generate_series(1, 100) n
            """).update();
        flush();
        var care = new CareOfTables(databases, 4);

        assertThat(care.plan())
                .contains("contest.ballots_2025_03 would be frozen: no votes come to this month any more.");
        assertThat(care.run()).contains("frozen: ").contains("contest.ballots_2025_03");
        assertThat(care.plan()).noneMatch(line -> line.contains("_2025_03"));
        assertThat(care.run()).doesNotContain("_2025_03");

        db.sql("update contest.ballots set lim = 11 where vote_day = '2025-03-07' and voter_id <= 10")
                .update();
        flush();
        assertThat(care.plan())
                .contains("contest.ballots_2025_03 would be frozen: 10 rows changed after it was frozen.");
        care.run();
        assertThat(care.plan()).noneMatch(line -> line.contains("_2025_03"));
    }

    /// Autovacuum never analyses them, and the planner is lost without.
    @Test
    void givesPartitionedTablesTheirStatistics() throws SQLException {
        new CareOfTables(databases, 4).run();

        assertThat(db.sql("select count(*) from pg_stat_user_tables where relname in ('votes', 'ballots') and"
                                + " last_analyze is not null")
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
    }

    @Test
    void rebuildsAnIndexThatIsMostlyAir() throws SQLException {
        fillAnswers("bloat", 20_000);
        db.sql("delete from contest.vote_answers where idempotency_key like 'bloat %' and voter_id % 20 <> 0")
                .update();
        db.sql("vacuum analyze contest.vote_answers").update();
        var before = bytes("contest.vote_answers_pkey");
        var care = new CareOfIndexes(databases, 4, new Bloated(64 << 10, 0.4));

        assertThat(care.plan()).anyMatch(line -> line.startsWith("contest.vote_answers_pkey would be rebuilt: "));
        assertThat(care.run()).contains("contest.vote_answers_pkey rebuilt").contains("estimated");

        assertThat(bytes("contest.vote_answers_pkey")).isLessThan(before / 4);
        assertThat(care.plan()).noneMatch(line -> line.startsWith("contest.vote_answers_pkey"));
        assertThat(new CareOfIndexes(databases, 4, Bloated.USUAL).run()).isEqualTo("No index needs to be rebuilt.");
    }

    @Test
    void measuresTheAirWherePgstattupleIsInstalled() throws SQLException {
        db.sql("create extension pgstattuple schema public").update();
        try {
            fillAnswers("measured", 20_000);
            db.sql("delete from contest.vote_answers where idempotency_key like 'measured %' and voter_id % 20 <> 0")
                    .update();
            db.sql("vacuum contest.vote_answers").update();
            db.sql("grant execute on function public.pgstatindex(regclass) to urvote_owner")
                    .update();

            assertThat(new CareOfIndexes(databases, 4, new Bloated(64 << 10, 0.4)).run())
                    .contains("contest.vote_answers_pkey rebuilt")
                    .contains("measured");
        } finally {
            db.sql("drop extension pgstattuple").update();
        }
    }

    /// As a rebuild that was killed leaves one behind.
    @Test
    void takesAwayWhatABrokenRebuildLeftBehind() throws SQLException {
        db.sql("create index idx_vote_answers_age_ccnew on contest.vote_answers (created_at)")
                .update();
        db.sql("update pg_index set indisvalid = false where indexrelid ="
                        + " 'contest.idx_vote_answers_age_ccnew'::regclass")
                .update();
        var care = new CareOfIndexes(databases, 4, Bloated.USUAL);

        assertThat(care.plan())
                .containsExactly("contest.idx_vote_answers_age_ccnew would be dropped: a rebuild left it behind.");
        assertThat(care.run()).isEqualTo("1 dropped that a rebuild had left behind.");

        assertThat(db.sql("select to_regclass('contest.idx_vote_answers_age_ccnew') is null")
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    private static void fillAnswers(String key, int rows) {
        db.sql("""
            insert into contest.vote_answers (voter_id, idempotency_key, request_hash, http_status, body)
            select n, :key || ' ' || n, 'hash', 201, 'body' from generate_series(1, :rows) n
            """).param("key", key).param("rows", rows).update();
    }

    /// What other sessions have counted is written down when they are idle.
    private static void flush() {
        for (var sql : List.of("select pg_stat_force_next_flush()", "select pg_stat_clear_snapshot()")) {
            db.sql(sql).query().listOfRows();
        }
    }

    private static long dead(String table) {
        flush();
        return db.sql("select n_dead_tup from pg_stat_user_tables where relname = :table")
                .param("table", table)
                .query(Long.class)
                .single();
    }

    private static long bytes(String index) {
        return db.sql("select pg_relation_size(cast(:index as regclass))")
                .param("index", index)
                .query(Long.class)
                .single();
    }
}
