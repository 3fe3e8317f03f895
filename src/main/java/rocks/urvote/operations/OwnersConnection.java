package rocks.urvote.operations;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.dao.DataAccessException;

/// Connects for each transaction as the migrations do, and becomes the owner.
final class OwnersConnection implements OwnersDatabase, AutoCloseable {

    private static final int TRIES = 12;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(300);

    /// A lock that was not to be had in time, and a deadlock.
    private static final Set<String> IN_THE_WAY = Set.of("55P03", "40P01");

    private final Database database;

    private OwnersConnection(Database database) {
        this.database = database;
    }

    /// Brings the tables up to date first: a command works on those of its own version.
    static OwnersConnection open(Settings settings) {
        var database = Database.shared(settings, _ -> {});
        try {
            new Migrations(database.url(), settings.appDatabaseUrl()).run(_ -> {});
            return new OwnersConnection(database);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    @Override
    public <T> T inTransaction(Work<T> work) {
        for (var attempt = 1; ; attempt++) {
            try {
                return once(work);
            } catch (SQLException | DataAccessException e) {
                var failure = sql(e);
                if (!IN_THE_WAY.contains(String.valueOf(failure.getSQLState()))) {
                    throw new Command.Failed("The database refused: " + Roles.firstLine(failure), e);
                }
                if (attempt == TRIES) {
                    throw new Command.Failed(
                            "Others were at work on these tables %d times in a row, and nothing was changed; try again later"
                                    .formatted(TRIES),
                            e);
                }
                // Whoever waited behind the lock goes first.
                LockSupport.parkNanos(PAUSE * attempt);
            } catch (IOException e) {
                throw new Command.Failed("A file could not be read or written: " + e.getMessage(), e);
            }
        }
    }

    private <T> T once(Work<T> work) throws SQLException, IOException {
        try (var connection = new Migrations(database.url(), Optional.empty()).connect()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute("""
                    set local role %s;
                    set local search_path = %s;
                    set local lock_timeout = '500ms';
                    set local urvote.role = 'chore'
                    """.formatted(Roles.OWNER, Migrations.SEARCH_PATH));
            }
            var result = work.on(connection);
            connection.commit();
            return result;
        }
    }

    @Override
    public void close() {
        database.close();
    }

    private static SQLException sql(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException found) {
                return found;
            }
        }
        return new SQLException(failure);
    }
}
