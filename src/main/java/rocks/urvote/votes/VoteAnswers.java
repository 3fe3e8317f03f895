package rocks.urvote.votes;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.kernel.UserId;
import rocks.urvote.votes.Ruling.AlreadyVoted;
import rocks.urvote.votes.Ruling.DailyLimitReached;
import rocks.urvote.votes.Ruling.KeyReused;
import rocks.urvote.votes.Ruling.Received;
import rocks.urvote.votes.Ruling.Repeated;

/// The first answer to each `Idempotency-Key`, kept for 24 hours in the vote's own transaction.
@Repository
class VoteAnswers {

    private final JdbcClient db;
    private final VoteReplies replies;

    VoteAnswers(JdbcClient db, VoteReplies replies) {
        this.db = db;
        this.replies = replies;
    }

    /// The answer given before, if there was one. Until the transaction ends, the same key waits here.
    Optional<Ruling> first(UserId voter, Ballot.Key key) {
        db.sql("select pg_advisory_xact_lock(hashtextextended(:voter || ' ' || :key, 0))")
                .param("voter", Long.toString(voter.value()))
                .param("key", key.value())
                .query()
                .listOfRows();
        return db.sql("""
            select request_hash, http_status, body, resets_at
              from vote_answers
             where voter_id = :voter and idempotency_key = :key and created_at > now() - interval '24 hours'
            """)
                .param("voter", voter)
                .param("key", key.value())
                .query(Row.class)
                .optional()
                .map(row -> row.requestHash().equals(key.requestHash())
                        ? new Repeated(row.httpStatus(), row.body(), row.resetsAt())
                        : new KeyReused());
    }

    record Row(
            String requestHash,
            int httpStatus,
            String body,
            @Nullable Instant resetsAt) {}

    /// Refusals that can pass (a closed contest, an unverified address) are not kept: the next try is a new one.
    void keep(UserId voter, Ballot.Key key, Ruling ruling) {
        if (!(ruling instanceof Received || ruling instanceof AlreadyVoted || ruling instanceof DailyLimitReached)) {
            return;
        }
        var reply = replies.to(ruling);
        db.sql("""
            insert into vote_answers as a (voter_id, idempotency_key, request_hash, http_status, body, resets_at)
            values (:voter, :key, :requestHash, :status, :body, :resetsAt)
                on conflict (voter_id, idempotency_key) do update
                   set (request_hash, http_status, body, resets_at, created_at)
                     = (excluded.request_hash, excluded.http_status, excluded.body, excluded.resets_at, now())
            """)
                .param("voter", voter)
                .param("key", key.value())
                .param("requestHash", key.requestHash())
                .param("status", reply.status().value())
                .param("body", reply.body())
                .param("resetsAt", ruling instanceof DailyLimitReached reached ? reached.resetsAt() : null)
                .update();
    }

    int forgetOld() {
        return db.sql("delete from vote_answers where created_at < now() - interval '24 hours'")
                .update();
    }
}
