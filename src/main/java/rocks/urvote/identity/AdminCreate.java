package rocks.urvote.identity;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.operations.Beans;
import rocks.urvote.operations.Command;
import rocks.urvote.web.Problem;

@CommandLine.Command(
        name = "admin create",
        description = {
            "Makes an admin: an account that may do everything, on every client.",
            "An account the address has already becomes an admin, with the password given and signed out everywhere."
        })
final class AdminCreate implements Command {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @CommandLine.Option(names = "--email", required = true, description = "The admin's address.")
    private String email = "";

    @CommandLine.Option(names = "--username", required = true, description = "The name the admin goes by.")
    private String username = "";

    @CommandLine.Option(names = "--password-stdin", description = "Read the password from the first line of the input.")
    private boolean passwordFromInput;

    @Override
    public int run(Beans beans) throws IOException {
        var address = EmailAddress.parse(email)
                .orElseThrow(() -> new Failed("--email must be an address such as ada@example.org"));
        var password = passwordFromInput ? fromInput() : fromPrompt();
        try {
            var user = beans.get(StoredAccounts.class).appoint(address, username, password);
            if (spec != null) {
                spec.commandLine().getOut().println("%s is an admin now (user %d).".formatted(address, user.value()));
            }
            return 0;
        } catch (Problem.Raised no) {
            throw new Failed(sentence(no.problem()), no);
        }
    }

    private static String sentence(Problem problem) {
        return problem.errors().isEmpty()
                ? problem.detail()
                : problem.errors().stream()
                        .map(error -> error.field() + " " + error.message())
                        .collect(Collectors.joining("; "));
    }

    private static String fromInput() throws IOException {
        var line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        if (line == null) {
            throw new Failed("--password-stdin: there was no password in the input");
        }
        return line;
    }

    private static String fromPrompt() {
        var console = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .orElseThrow(() ->
                        new Failed("There is no terminal to ask for the password; give it with --password-stdin"));
        char[] once = console.readPassword("Password: ");
        char[] again = console.readPassword("Once more: ");
        if (once == null || !Arrays.equals(once, again)) {
            throw new Failed("The two were not the same");
        }
        return new String(once);
    }
}
