package rocks.urvote.identity;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.kernel.UserId;

/// Sign-ins whose first step was right, and that wait for the second: for ten minutes, and five tries.
@Repository
class SecondSteps {

    /// The challenge is there once a passkey was asked for its signature.
    @SuppressWarnings("ArrayRecordComponent") // only passed on
    record Waiting(UserId user, byte @Nullable [] challenge) {}

    private final JdbcClient db;

    SecondSteps(JdbcClient db) {
        this.db = db;
    }

    String begin(UserId user) {
        var token = Secrets.token();
        db.sql("""
            insert into second_steps (token_hash, user_id, expires_at)
            values (:token, :user, now() + interval '10 minutes')
            """).param("token", Secrets.hash(token)).param("user", user).update();
        return token;
    }

    /// Whose it is; looking does not count as a try.
    Optional<UserId> look(String token) {
        return db.sql("""
            select user_id
              from second_steps
             where token_hash = :token and tries < 5 and used_at is null and expires_at > now()
            """)
                .param("token", Secrets.hash(token))
                .query((row, _) -> new UserId(row.getLong(1)))
                .optional();
    }

    /// Counts one more try, right or wrong, by the row itself: twenty at once are still no more than five.
    Optional<Waiting> tried(String token) {
        return db.sql("""
            update second_steps
               set tries = tries + 1
             where token_hash = :token and tries < 5 and used_at is null and expires_at > now()
            returning user_id, challenge
            """)
                .param("token", Secrets.hash(token))
                .query((row, _) -> new Waiting(new UserId(row.getLong("user_id")), row.getBytes("challenge")))
                .optional();
    }

    void challenge(String token, byte[] challenge) {
        db.sql("update second_steps set challenge = :challenge where token_hash = :token")
                .param("token", Secrets.hash(token))
                .param("challenge", challenge)
                .update();
    }

    void use(String token) {
        db.sql("update second_steps set used_at = now() where token_hash = :token")
                .param("token", Secrets.hash(token))
                .update();
    }

    /// What waits for somebody whose password is another one now, or who is locked, leads nowhere.
    void forget(UserId user) {
        db.sql("delete from second_steps where user_id = :user")
                .param("user", user)
                .update();
    }

    int forgetOld() {
        return db.sql("delete from second_steps where expires_at < now() - interval '1 day'")
                .update();
    }
}
