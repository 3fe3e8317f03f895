package rocks.urvote.operations.figures;

import java.sql.SQLException;
import java.util.Map;
import java.util.OptionalLong;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rocks.urvote.kernel.Sql;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Premises;
import rocks.urvote.operations.backups.BackupKeeping;

/// Looks on a connection of its own, so that it sees something also where the pool has none to give, and tells what it
/// can where somebody has locked a table.
record MeasuredFigures(Premises premises) implements Figures {

    private static final int STATEMENTS = 50;

    @Override
    public Report now() {
        try (var connection = premises.login().connect()) {
            var db = Sql.on(new SingleConnectionDataSource(connection, true));
            var measurements = new Measurements(db);
            var activity = measurements.activity();
            var sizes = measurements.sizesAtLeast();
            return new Report(
                    sizes,
                    Volume.of(
                            premises,
                            sizes.bytesADay(),
                            Measurements.unlessLocked(measurements::uploadsADay, OptionalLong.empty())),
                    activity,
                    Statements.of(db, premises.login(), STATEMENTS),
                    Measurements.unlessLocked(measurements::outboxes, Map.of()),
                    measurements.missingMonths(),
                    premises.replica().map(url -> Replica.of(url, db)),
                    BackupKeeping.standing(premises.backups()));
        } catch (SQLException | DataAccessException e) {
            throw new Command.Failed(
                    "The database does not tell its figures: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }
}
