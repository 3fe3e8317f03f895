package rocks.urvote.site;

import java.time.Instant;
import rocks.urvote.kernel.Fact;

/// An admin had everything that waited tried again: so many mails, and so many facts somebody was to hear of.
public record MailsRetried(int mails, int facts, Instant at) implements Fact {}
