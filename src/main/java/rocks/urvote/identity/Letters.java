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

    Mail secondFactor(EmailAddress to, SecondFactors.Kind kind, boolean added) {
        var what = kind == SecondFactors.Kind.TOTP ? "An app that shows codes" : "A passkey";
        return new Mail(to, "%s was %s at UrVote".formatted(what, added ? "added" : "removed"), """
            %s was %s your account at UrVote%s.

            If it was you, you need not do anything.

            If it was not you, somebody is in your account: set a new password, which signs them out everywhere, and
            look at your second factors and where you are signed in.

            %s
            %s
            """.formatted(
                        what,
                        added ? "added to" : "removed from",
                        added ? ": it is asked for when you sign in" : ", and is not asked for any more",
                        web.link("/reset"),
                        web.link("/me")));
    }

    Mail recoveryCodeUsed(EmailAddress to) {
        return new Mail(to, "A recovery code was used at UrVote", """
            Somebody, probably you, signed in to UrVote with one of your recovery codes. It is used up now.

            You can make new ones here:
            %s

            If it was not you, set a new password, which signs everybody out:
            %s
            """.formatted(
                        web.link("/me/two-factor"), web.link("/reset")));
    }

    Mail secondFactorsReset(EmailAddress to) {
        return new Mail(to, "Your second factors at UrVote were taken away", """
            Somebody who runs this UrVote took the second factors from your account, as it happens when a phone is
            lost. You are signed out everywhere, and sign in with your password or a mailed code:

            %s

            You can set up a new second factor there, in your account. If you did not ask for this, tell them.
            """.formatted(
                        web.link("/sign-in?next=/me/two-factor")));
    }

    Mail returning(EmailAddress to) {
        return new Mail(to, "You voted at UrVote before", """
            Somebody, probably you, signed up at UrVote with this address. An account with it was erased, and some
            of the contests it voted in still run. So that nobody votes twice, whoever reads this mailbox goes on
            as the same voter until they are over.

            Sign in with a code we mail you; that makes the account yours:
            %s

            If it was not you, you need not do anything.
            """.formatted(web.link("/sign-in")));
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
