package rocks.urvote.identity;

import jakarta.mail.MessagingException;
import java.io.IOException;
import rocks.urvote.identity.Mailbox.Mail;

/// Brings one mail to where it goes.
interface Carrier {

    void carry(Mail mail) throws MessagingException, IOException;

    /// Its address is taken neither now nor later, so that there is no use in trying again.
    final class Refused extends IOException {

        Refused(Throwable cause) {
            super("the mail server refuses the address for good", cause);
        }
    }
}
