package rocks.urvote.identity;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.mail.MailException;
import org.springframework.stereotype.Component;

/// Delivers mails one after the other, a few at a time, and tries again for a quarter of an hour. Holds a bounded
/// number
/// of them: what comes beyond is given up, and the log says so without naming anybody.
@Component
final class Post implements Mailbox, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(Post.class);

    private static final int MOST_WAITING = 10_000;
    private static final int HANDS = 4;
    private static final Duration[] PAUSES = {
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(9)
    };

    private final Carrier carrier;
    private final DelayQueue<Parcel> waiting = new DelayQueue<>();
    private final AtomicInteger undelivered = new AtomicInteger();
    private volatile boolean closing;

    Post(Carrier carrier) {
        this.carrier = carrier;
        for (int hand = 0; hand < HANDS; hand++) {
            Thread.ofVirtual().name("post-", hand).start(this::work);
        }
    }

    private record Parcel(Mail mail, int tries, long due) implements Delayed {

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    @Override
    public void send(Mail mail) {
        if (undelivered.incrementAndGet() > MOST_WAITING) {
            undelivered.decrementAndGet();
            log.error("A mail was given up: {} others wait to be delivered", MOST_WAITING);
            return;
        }
        waiting.add(new Parcel(mail, 0, System.nanoTime()));
    }

    private void work() {
        while (!closing || undelivered.get() > 0) {
            try {
                var parcel = waiting.poll(500, TimeUnit.MILLISECONDS);
                if (parcel != null) {
                    deliver(parcel);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void deliver(Parcel parcel) {
        try {
            carrier.carry(parcel.mail());
            undelivered.decrementAndGet();
        } catch (MessagingException | MailException | IOException e) {
            if (parcel.tries() == PAUSES.length || closing) {
                undelivered.decrementAndGet();
                log.error("A mail was given up after {} tries: {}", parcel.tries() + 1, e.toString());
                return;
            }
            var pause = PAUSES[parcel.tries()];
            log.warn("A mail could not be delivered and is tried again in {}: {}", pause, e.toString());
            waiting.add(new Parcel(parcel.mail(), parcel.tries() + 1, System.nanoTime() + pause.toNanos()));
        } catch (RuntimeException e) {
            undelivered.decrementAndGet();
            log.error("A mail could not be made", e);
        }
    }

    /// What is on its way arrives; what waits for another try does not hold up the end.
    @Override
    public void destroy() throws InterruptedException {
        closing = true;
        for (int i = 0; i < 50 && waiting.stream().anyMatch(parcel -> parcel.tries() == 0); i++) {
            Thread.sleep(Duration.ofMillis(100));
        }
    }
}
