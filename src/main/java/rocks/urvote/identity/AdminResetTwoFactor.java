package rocks.urvote.identity;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.operations.Beans;
import rocks.urvote.operations.Command;

@CommandLine.Command(
        name = "admin reset-two-factor",
        description = {
            "Takes the second factors from an account whose owner lost them, and signs it out everywhere.",
            "They are told by mail. Where a second factor is required, they set up a new one at their next sign-in."
        })
final class AdminResetTwoFactor implements Command {

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @CommandLine.Option(names = "--email", required = true, description = "The account's address.")
    private String email = "";

    @Override
    public int run(Beans beans) {
        var address = EmailAddress.parse(email)
                .orElseThrow(() -> new Failed("--email must be an address such as ada@example.org"));
        var line = switch (beans.get(ResetTwoFactor.class).reset(address)) {
            case RESET -> "%s has no second factor any more, and is signed out everywhere.".formatted(address);
            case NONE_SET_UP -> "%s has no second factor: nothing was changed.".formatted(address);
            case NO_SUCH_ACCOUNT -> throw new Failed("--email %s belongs to no account".formatted(address));
        };
        if (spec != null) {
            spec.commandLine().getOut().println(line);
        }
        return 0;
    }
}
