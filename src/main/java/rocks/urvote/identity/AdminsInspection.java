package rocks.urvote.identity;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rocks.urvote.kernel.Sql;
import rocks.urvote.kernel.UserId;
import rocks.urvote.operations.Inspection;

/// Whether all admins have the second factor that they must have.
final class AdminsInspection implements Inspection {

    private static final String ADMINS = "admins";

    @Override
    public List<Finding> look(Connection connection, Path dataDir, Map<String, Object> settings) {
        if (!TwoFactorDuty.isOf(ADMINS, settings)) {
            return List.of();
        }
        var admins = Sql.on(new SingleConnectionDataSource(connection, true))
                .sql("select id from users where is_admin")
                .query((row, _) -> new UserId(row.getLong(1)))
                .list();
        return List.of(TwoFactorDuty.finding(connection, ADMINS, admins));
    }
}
