package rocks.urvote.site;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.springframework.core.env.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import rocks.urvote.operations.Beans;

@Command(
        name = "demo load",
        description = "Load three clients with their contests, songs and votes, unless they are there already.")
final class LoadDemo implements rocks.urvote.operations.Command {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Override
    public int run(Beans beans) throws IOException {
        var out = spec.commandLine().getOut();
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

    /// Outside of demo mode nobody must be able to guess it.
    private static String unknown() {
        var bytes = new byte[12];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
