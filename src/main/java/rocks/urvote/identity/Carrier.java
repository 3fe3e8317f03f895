package rocks.urvote.identity;

import jakarta.mail.MessagingException;
import java.io.IOException;
import rocks.urvote.identity.Mailbox.Mail;

/// Brings one mail to where it goes.
interface Carrier {

    void carry(Mail mail) throws MessagingException, IOException;
}
