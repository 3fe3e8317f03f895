package rocks.urvote.identity;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.UserId;

/// The accounts that were erased and are not forgotten yet. Their mailboxes are kept as an HMAC under a key that only
/// the database holds: whoever sees the rows alone cannot try addresses on them.
@Repository
class Erasures {

    private final JdbcClient db;

    Erasures(JdbcClient db) {
        this.db = db;
    }

    /// From now on the mailbox is known again, if it was proven.
    void add(User erased) {
        db.sql("insert into erasures (user_id, mailbox) values (:user, cast(:mailbox as bytea))")
                .param("user", erased.id())
                .param("mailbox", erased.emailVerified() ? mac(erased.email()) : null)
                .update();
    }

    /// Who had this mailbox when it was erased.
    Optional<UserId> of(EmailAddress address) {
        return db.sql("select user_id from erasures where mailbox = :mailbox")
                .param("mailbox", mac(address))
                .query((row, _) -> new UserId(row.getLong(1)))
                .optional();
    }

    void forget(UserId user) {
        db.sql("delete from erasures where user_id = :user").param("user", user).update();
    }

    /// Those of an hour ago and more, by their numbers: a token of theirs can cast no vote any more.
    List<UserId> after(UserId last, int most) {
        return db.sql("""
            select user_id
              from erasures
             where user_id > :last and erased_at < now() - interval '1 hour'
             order by user_id
             limit :most
            """)
                .param("last", last)
                .param("most", most)
                .query((row, _) -> new UserId(row.getLong(1)))
                .list();
    }

    private byte[] mac(EmailAddress address) {
        return Secrets.hmac(key(), address.folded());
    }

    private byte[] key() {
        var known = db.sql("select key from erasure_key").query(byte[].class).optional();
        if (known.isPresent()) {
            return known.get();
        }
        db.sql("insert into erasure_key (key) values (:key) on conflict do nothing")
                .param("key", Secrets.bytes())
                .update();
        return db.sql("select key from erasure_key").query(byte[].class).single();
    }
}
