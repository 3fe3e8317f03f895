package rocks.urvote.operations;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.operations.backups.BackupKeeping;
import rocks.urvote.operations.care.Care;

/// The whole of UrVote, running: its database, its tables as they must be, and the application on top. Closing it stops
/// them in the opposite order.
final class Serving implements Program.Running {

    /// No request waits for the database for ever: not for its network, not for a lock, not for a plan gone wrong.
    private static final Map<String, Object> LIMITS_OF_A_STATEMENT = Map.of(
            "spring.datasource.hikari.data-source-properties[connectTimeout]", "5",
            "spring.datasource.hikari.data-source-properties[socketTimeout]", "120",
            "spring.datasource.hikari.data-source-properties[tcpKeepAlive]", "true",
            "spring.datasource.hikari.data-source-properties[options]",
                    "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s");

    private final Settings settings;
    private final Database database;
    private @Nullable ConfigurableApplicationContext context;
    private boolean closed;

    private Serving(Settings settings, Database database) {
        this.settings = settings;
        this.database = database;
    }

    /// Everything with its web server. `early` gets what is to be closed as soon as there is something to close.
    static Serving start(Class<?> application, Settings wanted, Consumer<String> progress, Consumer<Serving> early) {
        var inherited = InheritedSocket.port();
        int port = inherited.orElseGet(() -> free(Setting.PORT, wanted.port(), null));
        int managementPort;
        do {
            // Asked for any port, the system may give the same one again.
            managementPort = free(Setting.MANAGEMENT_PORT, wanted.managementPort(), InetAddress.getLoopbackAddress());
        } while (managementPort == port && wanted.managementPort() == 0);
        var settings = wanted.withPorts(port, managementPort);
        makeDataDir(settings);
        var serving = new Serving(settings, Database.own(settings, progress));
        early.accept(serving);
        try {
            var web = new LinkedHashMap<String, Object>(Map.of(
                    "server.port", settings.port(),
                    "urvote.socket-inherited", inherited.isPresent(),
                    "management.server.port", settings.managementPort()));
            web.putAll(LIMITS_OF_A_STATEMENT);
            serving.start(application, WebApplicationType.SERVLET, web, progress);
            return serving;
        } catch (RuntimeException e) {
            serving.close();
            throw e;
        }
    }

    /// The same without a web server, for a command; beans are made when they are asked for.
    static Serving forCommand(Class<?> application, Settings settings, Consumer<String> progress) {
        makeDataDir(settings);
        var serving = new Serving(settings, Database.shared(settings, progress));
        try {
            var small = new LinkedHashMap<String, Object>(Map.of(
                    "spring.main.lazy-initialization", true,
                    "spring.datasource.hikari.minimum-idle", 1,
                    "spring.datasource.hikari.maximum-pool-size", 8));
            serving.start(application, WebApplicationType.NONE, small, progress);
            return serving;
        } catch (RuntimeException e) {
            serving.close();
            throw e;
        }
    }

    private void start(
            Class<?> application, WebApplicationType type, Map<String, Object> extra, Consumer<String> progress) {
        progress.accept("Bringing the tables up to date ...");
        var login = new Migrations(database.url(), settings.appDatabaseUrl()).run(progress);
        var properties = new LinkedHashMap<>(settings.properties());
        properties.putAll(pool(login));
        properties.putAll(extra);
        boolean web = type == WebApplicationType.SERVLET;
        if (web) {
            progress.accept("Starting UrVote ...");
        }
        var spring = new SpringApplication(application);
        spring.setWebApplicationType(type);
        spring.setLazyInitialization(!web);
        spring.setRegisterShutdownHook(false);
        spring.setAddCommandLineProperties(false);
        spring.addInitializers(starting -> {
            starting.getEnvironment().getPropertySources().addFirst(new MapPropertySource("urvote", properties));
            starting.getBeanFactory().registerSingleton("settingsInForce", (SettingsInForce) settings::inForce);
            starting.getBeanFactory().registerSingleton("premises", Premises.ofApplication(settings, login));
            if (web) {
                starting.getBeanFactory()
                        .registerSingleton("firstStart", (ApplicationRunner) _ -> firstStart(starting, progress));
            }
            ownersChores(application, (GenericApplicationContext) starting);
        });
        context = spring.run();
        if (web) {
            context.getBean(Chores.class).start();
        }
    }

    /// What needs the owner's login gets it here, and nobody can ask it for that.
    private void ownersChores(Class<?> application, GenericApplicationContext starting) {
        var databases = WholeDatabases.of(application, settings, database::url);
        var backups = Backups.of(settings);
        backups.hour().ifPresent(hour -> {
            Supplier<Chore> daily = () -> BackupKeeping.daily(databases, backups, hour, starting.getBean(Clock.class));
            starting.registerBean("dailyBackup", Chore.class, daily);
        });
        Care.chores(databases, settings.number(Setting.CARE_HOUR))
                .forEach(care ->
                        starting.getBeanFactory().registerSingleton(care.name().replace(' ', '-'), care));
    }

    /// Runs before readiness is announced.
    private void firstStart(ConfigurableApplicationContext starting, Consumer<String> progress) throws Exception {
        if (settings.demo() && hasNoClient(starting.getBean(JdbcClient.class))) {
            for (var first :
                    starting.getBeanProvider(FirstStart.class).orderedStream().toList()) {
                first.onEmptyDatabase(progress);
            }
        }
    }

    private static boolean hasNoClient(JdbcClient db) {
        return db.sql("select not exists (select from contest.clients)")
                .query(Boolean.class)
                .single();
    }

    private Map<String, Object> pool(DatabaseUrl login) {
        return Map.of(
                "spring.datasource.url", login.jdbc(),
                "spring.datasource.username", login.user(),
                "spring.datasource.password", login.password(),
                "spring.datasource.hikari.pool-name", "urvote",
                "spring.datasource.hikari.minimum-idle", settings.number(Setting.POOL_IDLE),
                "spring.datasource.hikari.maximum-pool-size", settings.number(Setting.POOL_MAX),
                "spring.datasource.hikari.max-lifetime",
                        settings.time(Setting.POOL_MAX_AGE).toMillis(),
                "spring.datasource.hikari.connection-timeout", 5000,
                "spring.datasource.hikari.connection-init-sql", "set search_path to " + Migrations.SEARCH_PATH,
                "spring.datasource.hikari.data-source-properties[ApplicationName]", "urvote");
    }

    private static void makeDataDir(Settings settings) {
        try {
            DataFolder.make(settings.dataDir());
        } catch (IOException e) {
            throw new Command.Failed(
                    "URVOTE_DATA_DIR must be a folder that can be made and written, not '%s': %s"
                            .formatted(settings.dataDir(), e.getMessage()),
                    e);
        }
    }

    /// The port itself where it is free, any free one for 0.
    private static int free(Setting setting, int port, @Nullable InetAddress address) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new Command.Failed(
                    "%s must be a free port, but %d cannot be had: %s"
                            .formatted(setting.variable(), port, e.getMessage()),
                    e);
        }
    }

    Settings settings() {
        return settings;
    }

    @Override
    public URI address() {
        return URI.create("http://localhost:" + settings.port());
    }

    @Override
    public URI management() {
        return URI.create("http://127.0.0.1:" + settings.managementPort());
    }

    @Override
    public ConfigurableApplicationContext context() {
        if (context == null) {
            throw new IllegalStateException("The application has not started");
        }
        return context;
    }

    /// Says that it is not ready, and goes on serving until that has got about.
    private void drain(ConfigurableApplicationContext serving) {
        var time = settings.time(Setting.DRAIN);
        if (serving.isActive() && serving instanceof WebServerApplicationContext && time.isPositive()) {
            AvailabilityChangeEvent.publish(serving, ReadinessState.REFUSING_TRAFFIC);
            try {
                Thread.sleep(time);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (context != null) {
                drain(context);
                context.close();
            }
        } finally {
            database.close();
        }
    }
}
