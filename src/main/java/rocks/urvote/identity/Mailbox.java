package rocks.urvote.identity;

import rocks.urvote.kernel.EmailAddress;

/// Sends mail to one person at a time.
public interface Mailbox {

    record Mail(EmailAddress to, String subject, String text) {}

    void send(Mail mail);
}
