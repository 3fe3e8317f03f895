package rocks.urvote.identity;

import java.net.InetAddress;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;

/// Makes sure, before what cannot be undone, that whoever is signed in is who the account belongs to: by its password,
/// or by a code mailed to its address.
@Component
class ConfirmMyself {

    private final Transactions transactions;
    private final Users users;
    private final Codes codes;
    private final Passwords passwords;
    private final Limits limits;
    private final MailCode mailCode;

    ConfirmMyself(
            Transactions transactions,
            Users users,
            Codes codes,
            Passwords passwords,
            Limits limits,
            MailCode mailCode) {
        this.transactions = transactions;
        this.users = users;
        this.codes = codes;
        this.passwords = passwords;
        this.limits = limits;
        this.mailCode = mailCode;
    }

    void mailCode(UserId person, InetAddress from) {
        mailCode.mail(new MailCode.Wanted(account(person).email().value()), from);
    }

    /// Leaves with what is wrong with what was shown.
    void confirm(UserId person, String password, String code, InetAddress from) {
        var account = account(person);
        if (!code.isBlank()) {
            limits.beforeCode(from);
            if (!isRight(account.email(), code)) {
                throw Problem.invalid("code", "is not the newest one we mailed, is too old, or was tried too often")
                        .raised();
            }
            limits.codeWasRight(from);
        } else if (!password.isEmpty()) {
            limits.beforePassword(account.email(), from);
            var checks = Checks.start();
            var shown = Password.shown(checks, "password", password);
            checks.orRaise();
            if (!passwords.matches(shown.orElseThrow(), account.hashedPassword())) {
                throw Problem.invalid("password", "is not the one of this account")
                        .raised();
            }
            limits.passwordWasRight(account.email(), from);
        } else {
            throw Problem.invalid(
                            account.hashedPassword() == null ? "code" : "password",
                            "is needed, so that nobody else erases your account")
                    .raised();
        }
    }

    private boolean isRight(EmailAddress address, String code) {
        var digits = code.replace(" ", "");
        return digits.matches("[0-9]{6}")
                && transactions
                        .as(Acting.SIGN_IN, () -> codes.redeem(address, digits))
                        .isPresent();
    }

    private User account(UserId person) {
        return transactions
                .as(Acting.user(person), () -> users.find(person))
                .orElseThrow(() -> Problem.signInRequired().raised());
    }
}
