package rocks.urvote.site;

import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import rocks.urvote.operations.Beans;

@Command(
        name = "demo load",
        description = "Load three clients with their contests, songs and votes, unless they are there already.")
final class LoadDemo implements rocks.urvote.operations.Command {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Option(
            names = "--scale",
            paramLabel = "seed",
            description = "Instead of the demo: 10,000 users, 1,000 songs and 100,000 votes in a client of their own.")
    private @Nullable String scale;

    @Option(names = "--times", paramLabel = "N", description = "So many times of that, 1 to 100.")
    private int times = 1;

    @Override
    public int run(Beans beans) throws IOException {
        var out = spec.commandLine().getOut();
        if (scale != null) {
            return loadScale(beans, out);
        }
        var password = beans.get(Environment.class)
                        .getProperty("urvote.mode", "production")
                        .equals("demo")
                ? DemoStart.PASSWORD
                : unknown();
        var loaded = beans.get(Demo.class).load(password, out::println);
        if (loaded.songs() == 0) {
            out.println("The demo is there already: nothing was changed.");
        } else {
            out.printf("Loaded %d songs and %d votes.%n", loaded.songs(), loaded.votes());
            out.println("Accounts: admin@, owner@, moderator@, artist@demo.urvote.example, password " + password);
        }
        out.flush();
        return 0;
    }

    private int loadScale(Beans beans, PrintWriter out) {
        if (!"seed".equals(scale)) {
            throw new ParameterException(spec.commandLine(), "--scale must be seed");
        }
        if (times < 1 || times > 100) {
            throw new ParameterException(spec.commandLine(), "--times must be a whole number from 1 to 100");
        }
        var began = System.nanoTime();
        var loaded = beans.get(Scale.class).load(times, line -> {
            out.println(line);
            out.flush();
        });
        out.printf(
                "Loaded %,d users, %,d songs and %,d votes in %,d s. 'urvote sizes' shows what they take.%n",
                loaded.users(),
                loaded.songs(),
                loaded.votes(),
                Duration.ofNanos(System.nanoTime() - began).toSeconds());
        out.flush();
        return 0;
    }

    /// Outside of demo mode nobody must be able to guess it.
    private static String unknown() {
        var bytes = new byte[12];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
