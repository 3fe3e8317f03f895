package rocks.urvote.clients;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.identity.Duties;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

/// The rows of every member.
@Repository
class StoredMembers implements Members, Duties {

    /// Somebody with a role at one client.
    record Member(UserId userId, Role role, Instant addedAt) {}

    private final JdbcClient db;
    private final Transactions transactions;

    StoredMembers(JdbcClient db, Transactions transactions) {
        this.db = db;
        this.transactions = transactions;
    }

    @Override
    public Optional<Role> roleOf(UserId user, ClientId client) {
        return transactions.as(Acting.LOOKUP, () -> find(user, client).map(Member::role));
    }

    @Override
    public List<ClientId> clientsOf(UserId user) {
        return transactions.as(
                Acting.LOOKUP,
                () -> db.sql("""
                    select m.client_id
                      from client_members m
                      join clients c on c.id = m.client_id
                     where m.user_id = :user
                     order by c.name_key
                    """)
                        .param("user", user)
                        .query((row, _) -> new ClientId(row.getLong(1)))
                        .list());
    }

    @Override
    public boolean ownsAClient(UserId user) {
        return transactions.as(
                Acting.LOOKUP,
                () -> db.sql("select exists (select from client_members where user_id = :user and role = 'owner')")
                        .param("user", user)
                        .query(Boolean.class)
                        .single());
    }

    @Override
    public Acting acting(Optional<Caller> caller, ClientId client) {
        if (caller.isEmpty()) {
            return Acting.VISITOR;
        }
        var who = caller.get();
        if (who.admin() || roleOf(who.user(), client).isEmpty()) {
            return who.acting();
        }
        return Acting.member(who.user(), client);
    }

    @Override
    public Acting owner(Caller caller, ClientId client) {
        if (caller.admin()) {
            return caller.acting();
        }
        return roleOf(caller.user(), client)
                .filter(Role.OWNER::equals)
                .map(_ -> Acting.owner(caller.user(), client))
                .orElseThrow(() -> Problem.forbidden().raised());
    }

    @Override
    public Acting member(Caller caller, ClientId client) {
        if (caller.admin()) {
            return caller.acting();
        }
        return roleOf(caller.user(), client)
                .map(_ -> Acting.member(caller.user(), client))
                .orElseThrow(() -> Problem.forbidden().raised());
    }

    Optional<Member> find(UserId user, ClientId client) {
        return db.sql("""
            select user_id, role, added_at
              from client_members
             where client_id = :client and user_id = :user
            """)
                .param("client", client)
                .param("user", user)
                .query(StoredMembers::member)
                .optional();
    }

    /// In the order of their user ids.
    Slice<Member> of(ClientId client, Window window) {
        var rows = db.sql("""
            select user_id, role, added_at
              from client_members
             where client_id = :client and user_id > :after
             order by user_id
             limit :rows
            """)
                .param("client", client)
                .param("after", window.afterNumber().orElse(0L))
                .param("rows", window.rows())
                .query(StoredMembers::member)
                .list();
        return Slice.of(rows, window, member -> member.userId().value());
    }

    boolean hasOwnerBeside(UserId user, ClientId client) {
        return db.sql("""
            select exists (select from client_members
                            where client_id = :client and role = 'owner' and user_id <> :user)
            """)
                .param("client", client)
                .param("user", user)
                .query(Boolean.class)
                .single();
    }

    /// Adds a member unless there is one already.
    boolean add(ClientId client, UserId user, Role role, @Nullable UserId by) {
        int added = db.sql("""
            insert into client_members (client_id, user_id, role, added_by)
            values (:client, :user, :role, :by)
                on conflict do nothing
            """)
                .param("client", client)
                .param("user", user)
                .param("role", role)
                .param("by", by)
                .update();
        return added == 1;
    }

    void change(ClientId client, UserId user, Role role) {
        db.sql("update client_members set role = :role where client_id = :client and user_id = :user")
                .param("client", client)
                .param("user", user)
                .param("role", role)
                .update();
    }

    void remove(ClientId client, UserId user) {
        db.sql("delete from client_members where client_id = :client and user_id = :user")
                .param("client", client)
                .param("user", user)
                .update();
    }

    private static Member member(ResultSet row, int number) throws SQLException {
        return new Member(
                new UserId(row.getLong("user_id")),
                Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                row.getObject("added_at", OffsetDateTime.class).toInstant());
    }
}
