package rocks.urvote.identity;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

/// Every account.
@Repository
class Users {

    private static final String COLUMNS = """
        select id, email, username, hashed_password, is_active, is_admin, email_verified, created_at, last_login,
               profile_data::text as profile_data
          from users
        """;

    private final JdbcClient db;

    Users(JdbcClient db) {
        this.db = db;
    }

    Optional<User> find(UserId user) {
        return db.sql(COLUMNS + " where id = :user")
                .param("user", user)
                .query(Users::user)
                .optional();
    }

    List<User> find(Collection<UserId> people) {
        var ids = people.stream().map(UserId::value).toArray(Long[]::new);
        return db.sql(COLUMNS + " where id = any (:ids) and erased_at is null")
                .param("ids", ids)
                .query(Users::user)
                .list();
    }

    /// The one account of the mailbox behind the address.
    Optional<User> inMailbox(EmailAddress address) {
        return db.sql(COLUMNS + " where email_folded = :folded")
                .param("folded", address.folded())
                .query(Users::user)
                .optional();
    }

    /// The same, and nobody else changes it until this transaction ends.
    Optional<User> lockedInMailbox(EmailAddress address) {
        return db.sql(COLUMNS + " where email_folded = :folded for update")
                .param("folded", address.folded())
                .query(Users::user)
                .optional();
    }

    Optional<User> named(String username) {
        return db.sql(COLUMNS + " where lower(username) = lower(:username)")
                .param("username", username)
                .query(Users::user)
                .optional();
    }

    boolean knowsUsername(Username username) {
        return db.sql("select exists (select from users where lower(username) = lower(:username))")
                .param("username", username.value())
                .query(Boolean.class)
                .single();
    }

    /// Adds an account; empty where the mailbox or the user name has one already.
    Optional<UserId> add(EmailAddress address, Username username, @Nullable String hashedPassword, boolean verified) {
        return db.sql("""
            insert into users (email, email_folded, username, hashed_password, email_verified)
            values (:email, :folded, :username, cast(:hash as text), :verified)
                on conflict do nothing
            returning id
            """)
                .param("email", address.value())
                .param("folded", address.folded())
                .param("username", username.value())
                .param("hash", hashedPassword)
                .param("verified", verified)
                .query((row, _) -> new UserId(row.getLong(1)))
                .optional();
    }

    /// Adds those that are missing, in one statement, and gives all of them in the order of their addresses.
    List<UserId> addMany(List<EmailAddress> addresses) {
        var emails = addresses.stream().map(EmailAddress::value).toArray(String[]::new);
        var folded = addresses.stream().map(EmailAddress::folded).toArray(String[]::new);
        db.sql("""
            insert into users (email, email_folded, username, email_verified)
            select email, folded, split_part(email, '@', 1), true
              from unnest(cast(:emails as text[]), cast(:folded as text[])) wanted (email, folded)
                on conflict do nothing
            """).param("emails", emails).param("folded", folded).update();
        return db.sql("""
            select id
              from unnest(cast(:folded as text[])) with ordinality wanted (folded, n)
              join users on email_folded = folded
             order by n
            """)
                .param("folded", folded)
                .query((row, _) -> new UserId(row.getLong(1)))
                .list();
    }

    /// Opens an account for an address just proven, under a name of our making; empty where there is one.
    Optional<UserId> open(EmailAddress proven) {
        for (int attempt = 1; ; attempt++) {
            var added = add(proven, Username.made(), null, true);
            if (added.isPresent() || inMailbox(proven).isPresent()) {
                return added;
            }
            if (attempt == 10) {
                throw new IllegalStateException("Ten names made up in a row were taken, which cannot be by chance");
            }
        }
    }

    /// Remembers the link mailed to who opened the account.
    void awaitVerification(UserId user, String tokenHash) {
        db.sql("""
            update users
               set verification_token = :token, verification_expires_at = now() + interval '24 hours'
             where id = :user and not email_verified
            """).param("user", user).param("token", tokenHash).update();
    }

    /// The link last mailed is the one that works. False where the address is proven, or no link may prove it any more.
    boolean awaitVerificationAgain(UserId user, String tokenHash) {
        return db.sql("""
            update users
               set verification_token = :token, verification_expires_at = now() + interval '24 hours'
             where id = :user and not email_verified and verification_token is not null
            """).param("user", user).param("token", tokenHash).update() == 1;
    }

    /// From now on no link proves the address: an unverified account without a link waits for a code or a reset.
    void voidLinks(UserId user) {
        db.sql("""
            update users
               set verification_token = null, verification_expires_at = null
             where id = :user and not email_verified
            """).param("user", user).update();
    }

    Optional<User> awaitingVerification(String tokenHash) {
        return db.sql(COLUMNS + """
             where verification_token = :token
               and verification_expires_at > now()
               and not email_verified
               and is_active
            """)
                .param("token", tokenHash)
                .query(Users::user)
                .optional();
    }

    /// Uses the link up; empty where it was used, replaced or has run out.
    Optional<UserId> verify(String tokenHash) {
        return db.sql("""
            update users
               set email_verified = true, verification_token = null, verification_expires_at = null
             where verification_token = :token
               and verification_expires_at > now()
               and not email_verified
               and is_active
            returning id
            """)
                .param("token", tokenHash)
                .query((row, _) -> new UserId(row.getLong(1)))
                .optional();
    }

    /// Gives the account to whoever has proven this address: it is theirs from now on, with this password or none, and
    /// under a name of our making. Nothing stays that was chosen by who opened it.
    void claim(UserId user, EmailAddress proven, @Nullable String hashedPassword) {
        db.sql("""
            update users
               set email = :email,
                   email_folded = :folded,
                   email_verified = true,
                   username = :username,
                   profile_data = '{}',
                   hashed_password = cast(:hash as text),
                   verification_token = null,
                   verification_expires_at = null
             where id = :user
            """)
                .param("user", user)
                .param("email", proven.value())
                .param("folded", proven.folded())
                .param("username", unusedName().value())
                .param("hash", hashedPassword)
                .update();
    }

    /// Everyone who runs the place; nobody joins or leaves them until this transaction ends.
    List<UserId> lockedAdmins() {
        return db.sql("select id from users where is_admin and is_active order by id for update")
                .query((row, _) -> new UserId(row.getLong(1)))
                .list();
    }

    /// Leaves nothing of an account but its number. The address it has then cannot be guessed, so nobody takes it
    /// first.
    void erase(UserId user) {
        var nobody = "erased-" + Secrets.mark();
        db.sql("""
            update users
               set email = :address,
                   email_folded = :address,
                   username = :name,
                   hashed_password = null,
                   is_active = false,
                   is_admin = false,
                   email_verified = false,
                   verification_token = null,
                   verification_expires_at = null,
                   profile_data = '{}',
                   last_login = null,
                   erased_at = now()
             where id = :user
            """)
                .param("user", user)
                .param("name", nobody)
                .param("address", nobody + "@erased.invalid")
                .update();
    }

    /// The present moment, if the account is still erased: what its person has after coming back is younger.
    Optional<Instant> stillErased(UserId user) {
        return db.sql("select now() as moment from users where id = :user and erased_at is not null")
                .param("user", user)
                .query((row, _) -> row.getTimestamp("moment").toInstant())
                .optional();
    }

    /// Gives an erased account to whoever has proven its mailbox, under a name of our making.
    void comeBack(UserId erased, EmailAddress proven, @Nullable String hashedPassword) {
        db.sql("""
            update users
               set email = :email,
                   email_folded = :folded,
                   username = :username,
                   hashed_password = cast(:hash as text),
                   is_active = true,
                   email_verified = true,
                   erased_at = null
             where id = :user and erased_at is not null
            """)
                .param("user", erased)
                .param("email", proven.value())
                .param("folded", proven.folded())
                .param("username", unusedName().value())
                .param("hash", hashedPassword)
                .update();
    }

    private Username unusedName() {
        var name = Username.made();
        while (knowsUsername(name)) {
            name = Username.made();
        }
        return name;
    }

    void setPassword(UserId user, String hashedPassword) {
        db.sql("update users set hashed_password = :hash where id = :user")
                .param("user", user)
                .param("hash", hashedPassword)
                .update();
    }

    /// The account, unless it is erased, and nobody else changes it until this transaction ends.
    Optional<User> locked(UserId user) {
        return db.sql(COLUMNS + " where id = :user and erased_at is null for update")
                .param("user", user)
                .query(Users::user)
                .optional();
    }

    void setAdmin(UserId user, boolean admin) {
        db.sql("update users set is_admin = :admin where id = :user")
                .param("user", user)
                .param("admin", admin)
                .update();
    }

    void setActive(UserId user, boolean active) {
        db.sql("update users set is_active = :active where id = :user")
                .param("user", user)
                .param("active", active)
                .update();
    }

    /// By somebody's word instead of a link; none that was mailed is needed any more.
    void setVerified(UserId user) {
        db.sql("""
            update users
               set email_verified = true, verification_token = null, verification_expires_at = null
             where id = :user
            """).param("user", user).update();
    }

    /// The newest first.
    Slice<User> search(UserSearch search, Window window) {
        var rows = db.sql(COLUMNS + """
             where id < :before
               and (:text = ''
                    or id = cast(:id as bigint)
                    or position(lower(:text) in lower(username)) > 0
                    or position(lower(:text) in lower(email)) > 0
                    or email_folded = :folded)
               and case :state
                   when 'locked' then not is_active
                   when 'unverified' then not email_verified
                   when 'admin' then is_admin
                   else true
                   end
             order by id desc
             limit :rows
            """)
                .param("before", window.afterNumber().orElse(Long.MAX_VALUE))
                .param("text", search.text())
                .param("id", search.id().orElse(null))
                .param("folded", search.address().map(EmailAddress::folded).orElse(""))
                .param("state", search.state())
                .param("rows", window.rows())
                .query(Users::user)
                .list();
        return Slice.of(rows, window, user -> user.id().value());
    }

    /// Lets somebody in, if the account is still as it was found: not locked, its password not changed.
    boolean enter(User user) {
        return db.sql("""
            update users
               set last_login = now()
             where id = :user and is_active and hashed_password is not distinct from cast(:hash as text)
            """)
                        .param("user", user.id())
                        .param("hash", user.hashedPassword())
                        .update()
                == 1;
    }

    /// Until the transaction ends, nobody else changes their name: two that take each other's old one would wait for
    /// each other.
    void lockNames() {
        db.sql("select pg_advisory_xact_lock(hashtextextended('urvote names are changed', 0))")
                .query()
                .singleRow();
    }

    /// Changes what people may change about themselves.
    void edit(UserId user, Username username, String profileData) {
        db.sql("update users set username = :username, profile_data = :profile::jsonb where id = :user")
                .param("user", user)
                .param("username", username.value())
                .param("profile", profileData)
                .update();
    }

    private static User user(ResultSet row, int number) throws SQLException {
        var lastLogin = row.getTimestamp("last_login");
        return new User(
                new UserId(row.getLong("id")),
                new EmailAddress(row.getString("email")),
                row.getString("username"),
                row.getString("hashed_password"),
                row.getBoolean("is_active"),
                row.getBoolean("is_admin"),
                row.getBoolean("email_verified"),
                row.getTimestamp("created_at").toInstant(),
                lastLogin == null ? null : lastLogin.toInstant(),
                row.getString("profile_data"));
    }
}
