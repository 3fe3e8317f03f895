package rocks.urvote.identity;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.kernel.UserId;

/// The passkeys of everybody: public keys, and what they are to sign next.
@Repository
class Passkeys {

    /// One of them; `credential` is what WebAuthn calls the attested credential data.
    @SuppressWarnings("ArrayRecordComponent") // only passed on
    record Passkey(
            String id,
            UserId user,
            String name,
            byte[] credential,
            long signCount,
            Instant createdAt,
            @Nullable Instant lastUsedAt) {}

    private static final String COLUMNS = """
        select credential_id, user_id, name, credential, sign_count, created_at, last_used_at
          from passkeys
        """;

    private final JdbcClient db;

    Passkeys(JdbcClient db) {
        this.db = db;
    }

    List<Passkey> of(UserId user) {
        return db.sql(COLUMNS + " where user_id = :user order by created_at")
                .param("user", user)
                .query(Passkeys::passkey)
                .list();
    }

    Optional<Passkey> find(UserId user, String id) {
        return db.sql(COLUMNS + " where user_id = :user and credential_id = :id")
                .param("user", user)
                .param("id", id)
                .query(Passkeys::passkey)
                .optional();
    }

    /// False where there is such a passkey already.
    boolean add(UserId user, String id, String name, byte[] credential, long signCount) {
        return db.sql("""
            insert into passkeys (credential_id, user_id, name, credential, sign_count)
            values (:id, :user, :name, :credential, :count)
                on conflict do nothing
            """)
                        .param("id", id)
                        .param("user", user)
                        .param("name", name)
                        .param("credential", credential)
                        .param("count", signCount)
                        .update()
                == 1;
    }

    /// A count that does not rise is the sign of a copy; those that do not count stay at zero.
    boolean used(UserId user, String id, long signCount) {
        return db.sql("""
            update passkeys
               set sign_count = :count, last_used_at = now()
             where user_id = :user and credential_id = :id and (sign_count < :count or (sign_count = 0 and :count = 0))
            """)
                        .param("user", user)
                        .param("id", id)
                        .param("count", signCount)
                        .update()
                == 1;
    }

    boolean remove(UserId user, String id) {
        return db.sql("delete from passkeys where user_id = :user and credential_id = :id")
                        .param("user", user)
                        .param("id", id)
                        .update()
                == 1;
    }

    /// Of several tabs the last one counts.
    void challenge(UserId user, byte[] challenge) {
        db.sql("""
            insert into passkey_challenges (user_id, challenge, expires_at)
            values (:user, :challenge, now() + interval '10 minutes')
                on conflict (user_id) do update set challenge = excluded.challenge, expires_at = excluded.expires_at
            """).param("user", user).param("challenge", challenge).update();
    }

    /// Each is good once.
    Optional<byte[]> takeChallenge(UserId user) {
        return db.sql("delete from passkey_challenges where user_id = :user and expires_at > now() returning challenge")
                .param("user", user)
                .query((row, _) -> row.getBytes("challenge"))
                .optional();
    }

    private static Passkey passkey(ResultSet row, int number) throws SQLException {
        var lastUsed = row.getTimestamp("last_used_at");
        return new Passkey(
                row.getString("credential_id"),
                new UserId(row.getLong("user_id")),
                row.getString("name"),
                row.getBytes("credential"),
                row.getLong("sign_count"),
                row.getTimestamp("created_at").toInstant(),
                lastUsed == null ? null : lastUsed.toInstant());
    }
}
