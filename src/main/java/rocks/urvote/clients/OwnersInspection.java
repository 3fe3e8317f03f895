package rocks.urvote.clients;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rocks.urvote.identity.TwoFactorDuty;
import rocks.urvote.kernel.Sql;
import rocks.urvote.kernel.UserId;
import rocks.urvote.operations.Inspection;

/// Whether all owners of clients have the second factor that they must have.
final class OwnersInspection implements Inspection {

    private static final String OWNERS = "owners";

    @Override
    public List<Finding> look(Connection connection, Path dataDir, Map<String, Object> settings) {
        if (!TwoFactorDuty.isOf(OWNERS, settings)) {
            return List.of();
        }
        var owners = Sql.on(new SingleConnectionDataSource(connection, true))
                .sql("select distinct user_id from client_members where role = 'owner'")
                .query((row, _) -> new UserId(row.getLong(1)))
                .list();
        return List.of(TwoFactorDuty.finding(connection, OWNERS, owners));
    }
}
