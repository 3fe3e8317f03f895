package rocks.urvote.identity;

import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rocks.urvote.kernel.Sql;
import rocks.urvote.kernel.UserId;
import rocks.urvote.operations.Inspection.Finding;

/// What `urvote check` says of people who must have a second factor, and can do nothing before they have one.
public interface TwoFactorDuty {

    /// Whether those of a kind must.
    ///
    /// @param whom of which kind they are, in one word
    /// @param settings as the modules bind them
    static boolean isOf(String whom, Map<String, Object> settings) {
        return List.of(String.valueOf(settings.get("urvote.two-factor")).split(","))
                .contains(whom);
    }

    /// How many of them have none.
    ///
    /// @param who must; those that are locked are not counted
    static Finding finding(Connection connection, String whom, List<UserId> who) {
        record Counted(int all, int without) {}
        var counted = Sql.on(new SingleConnectionDataSource(connection, true))
                .sql("""
                    select count(*) as all,
                           count(*) filter (where not exists (select from totp_secrets t where t.user_id = u.id and t.confirmed_at is not null)
                                              and not exists (select from passkeys p where p.user_id = u.id)) as without
                      from users u
                     where u.is_active
                       and u.id = any (:who)
                    """)
                .param("who", who.stream().map(UserId::value).toArray(Long[]::new))
                .query(Counted.class)
                .single();
        return counted.without() == 0
                ? Finding.fine("two-factor: each of %d %s has a second factor".formatted(counted.all(), whom))
                : Finding.doubtful(
                        "two-factor: %d of %d %s have no second factor, and do nothing before they set one up; remind them"
                                .formatted(counted.without(), counted.all(), whom));
    }
}
