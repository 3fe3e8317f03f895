package rocks.urvote.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.contests.ContestId;
import rocks.urvote.songs.SongId;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// What the database itself refuses, should the program ever ask for it.
class PoliciesIT {

    static RunningUrVote urvote;
    static Stage stage;
    static JdbcClient db;
    static Transactions transactions;
    static ContestId contest;
    static SongId approved;
    static SongId pending;
    static Api voter;
    static UserId artist;
    static ClientId client;

    @BeforeAll
    static void aContestWithAVote() {
        urvote = RunningUrVote.start();
        stage = new Stage(urvote);
        db = urvote.bean(JdbcClient.class);
        transactions = urvote.bean(Transactions.class);
        contest = stage.contest();
        approved = stage.song(contest, "Approved");
        pending = stage.pendingSong(contest, "Pending");
        voter = stage.voter();
        artist = new UserId(stage.artist().user());
        client = new ClientId(stage.database()
                .sql("select client_id from contest.contests where id = :contest")
                .param("contest", contest.value())
                .query(Long.class)
                .single());
        assertThat(voter.postWith("/api/v1/songs/%d/votes".formatted(approved.value()), "")
                        .status())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    private static long seen(Acting acting, String table) {
        return transactions.as(
                acting,
                () -> db.sql("select count(*) from " + table).query(Long.class).single());
    }

    private static void refuses(Acting acting, String sql) {
        assertThatThrownBy(() -> transactions.as(acting, () -> {
                    db.sql(sql).update();
                }))
                .as("%s: %s", acting.role(), sql)
                .isInstanceOf(DataAccessException.class);
    }

    private static void touchesNothing(Acting acting, String sql) {
        assertThat(transactions.<Integer>as(acting, () -> db.sql(sql).update()))
                .as("%s: %s", acting.role(), sql)
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "users",
                "sessions",
                "votes",
                "ballots",
                "song_tallies",
                "vote_answers",
                "vote_refusals",
                "archived_tallies"
            })
    void showsVisitorsNothingOfPeopleAndVotes(String table) {
        assertThat(seen(Acting.VISITOR, table)).isZero();
    }

    @Test
    void showsVotersTheirOwnVotesOnly() {
        assertThat(seen(Acting.user(new UserId(voter.user())), "votes")).isEqualTo(1);
        assertThat(seen(Acting.user(artist), "votes")).isZero();
        assertThat(seen(Acting.member(artist, new ClientId(987_654)), "votes")).isZero();
        assertThat(seen(Acting.member(artist, client), "votes")).isEqualTo(1);
    }

    @Test
    void seesWhatThePublicSeesOutsideOfATransaction() {
        assertThat(db.sql("select count(*) from users").query(Long.class).single())
                .isZero();
        assertThat(db.sql("select count(*) from songs where id = :song")
                        .param("song", pending)
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void neverDeletesOrRewritesVotes() {
        var box = Acting.ballotBox(new UserId(voter.user()));
        refuses(box, "delete from votes");
        refuses(box, "truncate votes");
        refuses(box, "update votes set voter_id = 1");
        refuses(box, "update votes set vote_weight = 9.99");
        refuses(box, "update votes set song_id = 1");
        touchesNothing(Acting.member(artist, client), "update votes set status = 'void', changed_at = now()");
    }

    @Test
    void writesNothingOfWhatWasArchived() {
        for (var acting : List.of(Acting.CHORE, Acting.admin(artist), Acting.ballotBox(new UserId(voter.user())))) {
            refuses(acting, "insert into archived_tallies values ('2020-01-01', %d, 1)".formatted(approved.value()));
            refuses(acting, "delete from archived_tallies");
        }
    }

    @Test
    void reachesNoPartitionAroundItsParent() {
        var month =
                db.sql("select to_char(now(), 'YYYY_MM')").query(String.class).single();
        refuses(Acting.admin(artist), "insert into contest.votes_%s select * from votes".formatted(month));
        refuses(Acting.admin(artist), "update contest.ballots_%s set n = 0".formatted(month));
    }

    @Test
    void letsNobodyPromoteThemselves() {
        var self = Acting.user(new UserId(voter.user()));
        for (var change : List.of(
                "is_admin = true",
                "email_verified = false",
                "verification_token = 'known to me', verification_expires_at = now()",
                "email = 'x@y.zz'",
                "hashed_password = null",
                "is_active = false")) {
            refuses(self, "update users set %s where id = %d".formatted(change, voter.user()));
        }
        touchesNothing(self, "update users set username = 'taken over' where id = " + artist.value());
    }

    @Test
    void letsArtistsNeitherApproveNorMoveTheirSongs() {
        var self = Acting.user(artist);
        refuses(self, "update songs set is_approved = true, approved_at = now() where id = " + pending.value());
        refuses(self, "update songs set artist_id = 1 where id = " + pending.value());
        refuses(self, "update songs set contest_id = 1 where id = " + pending.value());
        refuses(
                self,
                "update songs set file_path = '../../etc/passwd', file_size = 1, file_hash = 'x' where id = "
                        + pending.value());
    }

    @Test
    void letsArtistsEnterNothingThatIsApprovedAndNothingIntoADraft() {
        var draft = stage.contest();
        stage.database()
                .sql("update contest.contests set is_active = false where id = :draft")
                .param("draft", draft.value())
                .update();
        var entered = """
            insert into songs (client_id, contest_id, title, artist_name, ai_tools_used, external_link, artist_id,
                               rights_declared_at, rights_text_version, entry_number, is_approved, approved_at)
            values (%d, %d, 'Mine', 'Me', 'none', 'https://www.youtube.com/watch?v=dQw4w9WgXcQ', %d, now(), '1', 900,
                    %s)
            """;

        refuses(Acting.user(artist), entered.formatted(client.value(), contest.value(), artist.value(), "true, now()"));
        refuses(Acting.user(artist), entered.formatted(client.value(), draft.value(), artist.value(), "false, null"));
    }

    @Test
    void letsModeratorsMakeNoOwnersAndChangeNoContest() {
        var moderator = Acting.member(artist, client);
        refuses(
                moderator,
                "insert into client_members (client_id, user_id, role) values (%d, 4242, 'owner')"
                        .formatted(client.value()));
        touchesNothing(moderator, "update client_members set role = 'owner'");
        touchesNothing(moderator, "update contests set name = 'mine'");
        touchesNothing(moderator, "update clients set name = 'mine'");
        touchesNothing(Acting.owner(artist, new ClientId(987_654)), "update contests set name = 'mine'");
    }

    @Test
    void signsEveryLineOfTheAuditLogWithWhoeverActs() {
        refuses(
                Acting.user(artist),
                "insert into contest.audit_log (happened_at, fact, detail, actor_role, actor_id) values (now(),"
                        + " 'Forged', '{}', 'admin', 1)");
        refuses(
                Acting.user(artist),
                "insert into contest.audit_log (happened_at, fact, detail, client_id) values (now(), 'Forged', '{}',"
                        + " %d)".formatted(client.value()));
    }

    @Test
    void forgetsWhoActedWhenTheTransactionEnds() {
        transactions.as(Acting.admin(artist), () -> {});

        assertThat(db.sql("select contest.acting_role()").query(String.class).single())
                .isEqualTo("visitor");
    }

    @Test
    void goesOnAsTheFirstWhenASecondIsDone() {
        var roles = transactions.as(
                Acting.user(artist), () -> List.of(role(), transactions.as(Acting.LOOKUP, PoliciesIT::role), role()));

        assertThat(roles).containsExactly("user", "lookup", "user");
    }

    private static String role() {
        return db.sql("select contest.acting_role()").query(String.class).single();
    }
}
