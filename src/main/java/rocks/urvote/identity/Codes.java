package rocks.urvote.identity;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.kernel.EmailAddress;

/// The codes that were mailed. Of one mailbox only the newest is good.
@Repository
class Codes {

    private final JdbcClient db;

    Codes(JdbcClient db) {
        this.db = db;
    }

    private record Tried(long id, EmailAddress email, String codeHash) {}

    /// Adds a code for the mailbox, to be sent to this spelling of it.
    void add(EmailAddress address, String code) {
        long id = db.sql("""
            insert into sign_in_codes (email, email_folded, code_hash, expires_at)
            values (:email, :folded, '', now() + interval '10 minutes')
            returning id
            """)
                .param("email", address.value())
                .param("folded", address.folded())
                .query(Long.class)
                .single();
        db.sql("update sign_in_codes set code_hash = :hash where id = :id")
                .param("hash", hash(address, id, code))
                .param("id", id)
                .update();
    }

    /// Tries a code: the address it proves where it is right. Every try is counted, right or wrong, by the row itself,
    /// so that twenty at once are still no more than five.
    Optional<EmailAddress> redeem(EmailAddress address, String code) {
        var tried =
                db.sql("""
                    update sign_in_codes
                       set tries = tries + 1
                     where id = (select max(id) from sign_in_codes where email_folded = :folded)
                       and tries < 5
                       and used_at is null
                       and expires_at > now()
                    returning id, email, code_hash
                    """).param("folded", address.folded()).query(Tried.class).optional();
        return tried.filter(row -> Secrets.same(row.codeHash(), hash(address, row.id(), code)))
                .map(row -> {
                    db.sql("update sign_in_codes set used_at = now() where id = :id")
                            .param("id", row.id())
                            .update();
                    return row.email();
                });
    }

    /// What was mailed to a mailbox.
    void forget(EmailAddress address) {
        db.sql("delete from sign_in_codes where email_folded = :folded")
                .param("folded", address.folded())
                .update();
    }

    int forget() {
        return db.sql("delete from sign_in_codes where expires_at < now() - interval '1 day'")
                .update();
    }

    private static String hash(EmailAddress address, long id, String code) {
        var key = "%s %d".formatted(address.folded(), id).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Secrets.hmac(key, code));
    }
}
