package rocks.urvote.operations;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.context.ConfigurableApplicationContext;

/// UrVote as a program: a command line in, an exit code out.
public interface Program {

    /// Runs a command line in this process's environment and working directory.
    static int run(Class<?> application, String... arguments) {
        return run(
                application,
                System.getenv(),
                Path.of(""),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments);
    }

    static int run(
            Class<?> application,
            Map<String, String> environment,
            Path workingDirectory,
            PrintWriter out,
            PrintWriter err,
            String... arguments) {
        return new Shell(application, environment, workingDirectory, out, err).run(arguments);
    }

    /// Starts what `serve` serves inside this process, by settings named as in the environment and nothing else, and
    /// gives it back ready.
    static Running serve(Class<?> application, Map<String, String> settings, Path workingDirectory) {
        Consumer<String> unheard = _ -> {};
        return Serving.start(application, Settings.read(settings, workingDirectory, Map.of()), unheard, _ -> {});
    }

    /// A running UrVote.
    interface Running extends AutoCloseable {

        URI address();

        URI management();

        ConfigurableApplicationContext context();

        @Override
        void close();
    }
}
