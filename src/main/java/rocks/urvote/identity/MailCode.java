package rocks.urvote.identity;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Checks;

/// Mails a code to sign in with. All that could tell a known address from an unknown one happens after the answer.
@Component
class MailCode {

    private final Transactions transactions;
    private final Users users;
    private final Codes codes;
    private final Limits limits;
    private final Letters letters;
    private final Mailbox mailbox;
    private final Errands errands;

    MailCode(
            Transactions transactions,
            Users users,
            Codes codes,
            Limits limits,
            Letters letters,
            Mailbox mailbox,
            Errands errands) {
        this.transactions = transactions;
        this.users = users;
        this.codes = codes;
        this.limits = limits;
        this.letters = letters;
        this.mailbox = mailbox;
        this.errands = errands;
    }

    @Schema(name = "SignInCode", requiredProperties = "email")
    public record Wanted(@Nullable String email) {}

    void mail(Wanted wanted, InetAddress from) {
        var checks = Checks.start();
        var typed = checks.email("email", wanted.email());
        checks.orRaise();
        limits.beforeMail(typed.orElseThrow(), from);
        errands.run(() -> mail(typed.orElseThrow()));
    }

    private void mail(EmailAddress typed) {
        var code = Secrets.code();
        transactions
                .as(Acting.SIGN_IN, () -> {
                    var user = users.inMailbox(typed);
                    var to = user.map(known -> known.reachedBy(typed)).orElse(typed);
                    codes.add(to, code);
                    return user.filter(known -> !known.isActive()).isEmpty()
                            ? Optional.of(to)
                            : Optional.<EmailAddress>empty();
                })
                .ifPresent(to -> mailbox.send(letters.code(to, code)));
    }
}
