package rocks.urvote.identity;

import rocks.urvote.kernel.EmailAddress;

/// Sends mail to one person at a time.
public interface Mailbox {

    /// Plain text for one person. The subject is one line, whatever it was made of.
    record Mail(EmailAddress to, String subject, String text) {

        public Mail {
            subject = subject.replaceAll("[\\p{Cntrl}\u2028\u2029]+", " ").strip();
        }
    }

    /// Takes the mail and comes back at once; it is delivered later, and tried again where that fails.
    void send(Mail mail);
}
