package rocks.urvote.operations;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LogFile;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/// Where log lines go, decided before the first one is written: migrations log before Spring starts.
final class Logs {

    private static boolean started;

    private Logs() {}

    /// Everything into a file that rolls over, warnings on the terminal too, without their stacks.
    static void toFile(Path dataDir, String name) {
        var file = dataDir.resolve("logs").resolve(name);
        try {
            DataFolder.makeLog(dataDir, file);
        } catch (IOException e) {
            throw new Command.Failed("The log %s cannot be written: %s".formatted(file, e), e);
        }
        start(Map.of(
                "logging.file.name", file.toString(),
                "logging.threshold.console", "warn",
                "logging.pattern.console", "%-5p %m%n%nopex",
                "logging.logback.rollingpolicy.max-file-size", "20MB",
                "logging.logback.rollingpolicy.max-history", "14",
                "logging.logback.rollingpolicy.total-size-cap", "400MB"));
    }

    /// Everything to the output, for those who collect it there.
    static void toOutput() {
        start(Map.of());
    }

    /// The stack of what ended the program, where there is a log already.
    static synchronized void failure(Throwable failure) {
        if (started) {
            LoggerFactory.getLogger(Logs.class).info("Failed", failure);
        }
    }

    private static synchronized void start(Map<String, Object> properties) {
        if (started) {
            return;
        }
        started = true;
        var environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("logs", new LinkedHashMap<>(properties)));
        var logging = LoggingSystem.get(Logs.class.getClassLoader());
        logging.beforeInitialize();
        var file = LogFile.get(environment);
        logging.getSystemProperties(environment).apply(file);
        logging.initialize(new LoggingInitializationContext(environment), null, file);
        // What these say of a failed start, the command says in one line and the stack goes to the log.
        logging.setLogLevel("org.springframework.boot.web.server.servlet.context", LogLevel.ERROR);
        logging.setLogLevel(
                "org.springframework.context.annotation.AnnotationConfigApplicationContext", LogLevel.ERROR);
        logging.setLogLevel("org.springframework.boot.SpringApplication", LogLevel.OFF);
        logging.setLogLevel("org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter", LogLevel.OFF);
    }
}
