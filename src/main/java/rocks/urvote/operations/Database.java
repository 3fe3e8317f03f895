package rocks.urvote.operations;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The database a command works on: the operator's own, the embedded one that is running, or the embedded one started
/// for this command and stopped with it.
final class Database implements AutoCloseable {

    private final DatabaseUrl url;
    private final @Nullable EmbeddedPostgres started;
    private boolean closed;

    private Database(DatabaseUrl url, @Nullable EmbeddedPostgres started) {
        this.url = url;
        this.started = started;
    }

    /// For `serve`, to which the embedded database belongs.
    static Database own(Settings settings, Consumer<String> progress) {
        return settings.databaseUrl().map(given -> new Database(given, null)).orElseGet(() -> {
            var postgres = EmbeddedPostgres.start(settings.dataDir(), progress);
            return new Database(DatabaseUrl.parse(postgres.url()), postgres);
        });
    }

    /// For every other command: what runs already, else the embedded one until the command is over, or cut off.
    static Database shared(Settings settings, Consumer<String> progress) {
        return settings.databaseUrl()
                .or(() -> EmbeddedPostgres.running(settings.dataDir()).map(DatabaseUrl::parse))
                .map(url -> new Database(url, null))
                .orElseGet(() -> {
                    var own = own(settings, progress);
                    Runtime.getRuntime()
                            .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(own::close));
                    return own;
                });
    }

    /// The login of its owner, or of a superuser.
    DatabaseUrl url() {
        return url;
    }

    @Override
    public synchronized void close() {
        if (started != null && !closed) {
            closed = true;
            started.close();
        }
    }
}
