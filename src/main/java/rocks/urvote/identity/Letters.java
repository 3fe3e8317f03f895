package rocks.urvote.identity;

import org.springframework.stereotype.Component;
import rocks.urvote.identity.Mailbox.Mail;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.web.WebSettings;

/// What UrVote writes to people about their accounts.
@Component
final class Letters {

    private final WebSettings web;

    Letters(WebSettings web) {
        this.web = web;
    }

    Mail code(EmailAddress to, String code) {
        return new Mail(to, "Your sign-in code for UrVote", """
            Your code to sign in to UrVote:

            %s

            It is good for ten minutes, and once.

            If you did not ask for it, you need not do anything: without the code nobody gets in.
            """.formatted(code));
    }

    Mail verification(EmailAddress to, String token) {
        return new Mail(to, "Verify your e-mail address for UrVote", """
            Welcome to UrVote.

            Please verify that this is your address:

            %s

            The link is good for a day.

            If you did not sign up, do not follow it: nothing happens then.
            """.formatted(web.link("/verify?token=" + token)));
    }

    Mail alreadyKnown(EmailAddress to) {
        return new Mail(to, "You have an account at UrVote", """
            Somebody, probably you, tried to sign up at UrVote with this address. It has an account already.

            Sign in with a code we mail you, or with your password:
            %s

            Set a new password:
            %s

            If it was not you, you need not do anything: nobody learned that there is an account.
            """.formatted(web.link("/sign-in"), web.link("/reset")));
    }

    Mail waiting(EmailAddress to) {
        return new Mail(
                to, "Your account at UrVote waits for you", """
                    Somebody, probably you, signed up at UrVote with this address more than once, with different
                    passwords, and nobody has shown yet that the address is theirs. So none of the links mailed
                    before is good any more, and no password lets anyone stay.

                    If it was you, sign in with a code we mail you; that makes the account yours:
                    %s

                    You can set a password then:
                    %s

                    If it was not you, you need not do anything.
                    """.formatted(web.link("/sign-in"), web.link("/reset")));
    }

    Mail reset(EmailAddress to, String token) {
        return new Mail(to, "Set a new password for UrVote", """
            Somebody, probably you, asked to set a new password for your account at UrVote:

            %s

            The link is good for an hour, and once. A new password signs you out everywhere.

            If it was not you, you need not do anything.
            """.formatted(web.link("/reset/" + token)));
    }
}
