package rocks.urvote.identity;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.UserId;

/// The links that were mailed to set a new password. Of one account only the newest is good.
@Repository
class Resets {

    private final JdbcClient db;

    Resets(JdbcClient db) {
        this.db = db;
    }

    /// Whose password may be set, and the address that following the link proves.
    record Reset(UserId userId, EmailAddress email) {}

    void add(UserId user, EmailAddress address, String tokenHash) {
        db.sql("delete from password_resets where user_id = :user")
                .param("user", user)
                .update();
        db.sql("""
            insert into password_resets (token_hash, user_id, email, expires_at)
            values (:token, :user, :email, now() + interval '1 hour')
            """)
                .param("token", tokenHash)
                .param("user", user)
                .param("email", address.value())
                .update();
    }

    Optional<Reset> find(String tokenHash) {
        return db.sql("""
            select user_id, email
              from password_resets
             where token_hash = :token and used_at is null and expires_at > now()
            """).param("token", tokenHash).query(Reset.class).optional();
    }

    /// Uses the link up; false where somebody was faster.
    boolean use(String tokenHash) {
        return db.sql("""
            update password_resets
               set used_at = now()
             where token_hash = :token and used_at is null and expires_at > now()
            """).param("token", tokenHash).update() == 1;
    }

    void forget(UserId user) {
        db.sql("delete from password_resets where user_id = :user")
                .param("user", user)
                .update();
    }

    int forget() {
        return db.sql("delete from password_resets where expires_at < now() - interval '1 day'")
                .update();
    }
}
