package rocks.urvote.identity;

import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.kernel.UserId;

/// What people can show besides password or code: an app, a passkey, or one of the recovery codes they wrote down.
@Repository
class SecondFactors {

    /// Ten wrong codes in ten minutes, then one waits.
    private static final int MOST_TRIES = 10;

    enum Kind {
        TOTP,
        PASSKEY
    }

    /// What came of a code.
    enum Answer {
        RIGHT,
        WRONG,
        TOO_OFTEN
    }

    private final JdbcClient db;
    private final SecretBox box;
    private final Clock clock;

    SecondFactors(JdbcClient db, SecretBox box, Clock clock) {
        this.db = db;
        this.box = box;
        this.clock = clock;
    }

    /// Those that were tried out once, and so count.
    Set<Kind> of(UserId user) {
        var kinds = EnumSet.noneOf(Kind.class);
        kinds.addAll(db.sql("""
            select 'totp' as kind from totp_secrets where user_id = :user and confirmed_at is not null
             union
            select 'passkey' from passkeys where user_id = :user
            """)
                .param("user", user)
                .query((row, _) -> Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)))
                .list());
        return kinds;
    }

    /// A secret that is good for nothing until a code made of it was shown. One that is in use stays as it is.
    boolean begin(UserId user, byte[] secret) {
        return db.sql("""
            insert into totp_secrets (user_id, secret)
            values (:user, :secret)
                on conflict (user_id) do update set secret = excluded.secret, created_at = now()
                where totp_secrets.confirmed_at is null
            """)
                        .param("user", user)
                        .param("secret", box.close(user, secret))
                        .update()
                == 1;
    }

    /// The secret that waits for its first code.
    Optional<byte[]> begun(UserId user) {
        return db.sql("select secret from totp_secrets where user_id = :user and confirmed_at is null")
                .param("user", user)
                .query((row, _) -> box.open(user, row.getBytes("secret")))
                .optional();
    }

    Answer confirm(UserId user, String code) {
        var answer = redeem(user, code, false);
        if (answer == Answer.RIGHT) {
            db.sql("update totp_secrets set confirmed_at = now() where user_id = :user")
                    .param("user", user)
                    .update();
        }
        return answer;
    }

    Answer redeem(UserId user, String code) {
        return redeem(user, code, true);
    }

    /// Each code once: of two at the same time the row lets one through. Every try counts, on all nodes together.
    private Answer redeem(UserId user, String code, boolean confirmed) {
        var tried = db.sql("""
            update totp_secrets
               set tries = case when tries_since < now() - interval '10 minutes' then 1 else tries + 1 end,
                   tries_since = case when tries_since < now() - interval '10 minutes' then now() else tries_since end
             where user_id = :user
               and (confirmed_at is not null) = :confirmed
               and (tries < :most or tries_since < now() - interval '10 minutes')
            returning secret
            """)
                .param("user", user)
                .param("confirmed", confirmed)
                .param("most", MOST_TRIES)
                .query((row, _) -> box.open(user, row.getBytes("secret")))
                .optional();
        if (tried.isEmpty()) {
            return hasSecret(user, confirmed) ? Answer.TOO_OFTEN : Answer.WRONG;
        }
        var step = Totp.stepOf(tried.get(), code, clock.instant());
        if (step.isEmpty()) {
            return Answer.WRONG;
        }
        int used =
                db.sql("""
                    update totp_secrets
                       set last_step = :step, tries = 0
                     where user_id = :user and last_step < :step
                    """).param("user", user).param("step", step.getAsLong()).update();
        return used == 1 ? Answer.RIGHT : Answer.WRONG;
    }

    private boolean hasSecret(UserId user, boolean confirmed) {
        return db.sql("""
            select exists (
                select from totp_secrets where user_id = :user and (confirmed_at is not null) = :confirmed)
            """)
                .param("user", user)
                .param("confirmed", confirmed)
                .query(Boolean.class)
                .single();
    }

    boolean removeTotp(UserId user) {
        return db.sql("delete from totp_secrets where user_id = :user and confirmed_at is not null")
                        .param("user", user)
                        .update()
                == 1;
    }

    /// All of them, with the recovery codes.
    Set<Kind> removeAll(UserId user) {
        var kinds = of(user);
        for (var table : List.of("totp_secrets", "passkeys", "recovery_codes")) {
            db.sql("delete from %s where user_id = :user".formatted(table))
                    .param("user", user)
                    .update();
        }
        return kinds;
    }

    /// Ten new ones; those from before are good for nothing any more.
    List<String> makeRecoveryCodes(UserId user) {
        db.sql("delete from recovery_codes where user_id = :user")
                .param("user", user)
                .update();
        var codes = Stream.generate(Secrets::recoveryCode).limit(10).toList();
        for (var code : codes) {
            db.sql("insert into recovery_codes (user_id, code_hash) values (:user, :hash)")
                    .param("user", user)
                    .param("hash", hash(code))
                    .update();
        }
        return codes;
    }

    int recoveryCodesLeft(UserId user) {
        return db.sql("select count(*) from recovery_codes where user_id = :user and used_at is null")
                .param("user", user)
                .query(Integer.class)
                .single();
    }

    boolean redeemRecoveryCode(UserId user, String code) {
        return db.sql("""
            update recovery_codes
               set used_at = now()
             where user_id = :user and code_hash = :hash and used_at is null
            """).param("user", user).param("hash", hash(code)).update() == 1;
    }

    /// However it was typed.
    private static String hash(String code) {
        return Secrets.hash(code.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""));
    }
}
