package rocks.urvote.identity;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.mail.MailException;
import org.springframework.stereotype.Component;

/// Delivers mails one after the other, a few at a time, and tries again for a quarter of an hour, unless the server
/// refuses the address for good. Holds a bounded number of them: what comes beyond is given up, and the log says so
/// without naming anybody. The last of those given up are kept, for an admin who mends the mail server.
@Component
final class Post implements Mailbox, WaitingMails, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(Post.class);

    private static final int MOST_WAITING = 10_000;
    private static final int MOST_GIVEN_UP = 1_000;
    private static final int HANDS = 4;
    private static final Duration[] PAUSES = {
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(9)
    };

    private static final Pattern ADDRESS = Pattern.compile("[^\\s<>]+@[^\\s<>]+");

    private final Carrier carrier;
    private final DelayQueue<Parcel> waiting = new DelayQueue<>();
    private final Deque<Parcel> givenUp = new ArrayDeque<>();
    private final AtomicInteger undelivered = new AtomicInteger();
    private final Counter delivered;
    private final Counter lost;
    private volatile boolean closing;

    Post(Carrier carrier, MeterRegistry registry) {
        this.carrier = carrier;
        Gauge.builder("urvote.mails.waiting", undelivered, AtomicInteger::get)
                .description("Mails that are not delivered yet")
                .register(registry);
        Gauge.builder("urvote.mails.retrying", waiting, Post::retrying)
                .description("Mails that could not be delivered and wait for another try")
                .register(registry);
        this.delivered = counter(registry, "delivered");
        this.lost = counter(registry, "given_up");
        for (int hand = 0; hand < HANDS; hand++) {
            Thread.ofVirtual().name("post-", hand).start(this::work);
        }
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("urvote.mails")
                .description("Mails, by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static double retrying(DelayQueue<Parcel> waiting) {
        return waiting.stream().filter(parcel -> parcel.tries() > 0).count();
    }

    private record Parcel(
            Mail mail, int tries, long due, @Nullable String lastFailure) implements Delayed {

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
            lost.increment();
            log.error("A mail was given up: {} others wait to be delivered", MOST_WAITING);
            return;
        }
        waiting.add(new Parcel(mail, 0, System.nanoTime(), null));
    }

    @Override
    public List<Waiting> waiting() {
        var all = new ArrayList<Waiting>();
        synchronized (givenUp) {
            givenUp.forEach(parcel -> all.add(shown(parcel, null)));
        }
        waiting.stream()
                .sorted(Comparator.comparingLong(Parcel::due))
                .forEach(parcel ->
                        all.add(shown(parcel, Instant.now().plusNanos(parcel.getDelay(TimeUnit.NANOSECONDS)))));
        return all;
    }

    private static Waiting shown(Parcel parcel, @Nullable Instant next) {
        return new Waiting(parcel.mail().to(), parcel.mail().subject(), parcel.tries(), next, parcel.lastFailure());
    }

    @Override
    public int retry() {
        var again = new ArrayList<Parcel>();
        for (var parcel : waiting.toArray(Parcel[]::new)) {
            if (waiting.remove(parcel)) {
                again.add(parcel);
            }
        }
        synchronized (givenUp) {
            undelivered.addAndGet(givenUp.size());
            again.addAll(givenUp);
            givenUp.clear();
        }
        again.forEach(parcel -> waiting.add(new Parcel(parcel.mail(), 0, System.nanoTime(), parcel.lastFailure())));
        return again.size();
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
            delivered.increment();
        } catch (MessagingException | MailException | IOException e) {
            if (e instanceof Carrier.Refused || parcel.tries() == PAUSES.length || closing) {
                giveUp(new Parcel(parcel.mail(), parcel.tries() + 1, parcel.due(), e.toString()));
                log.error("A mail was given up after {} tries: {}", parcel.tries() + 1, namingNobody(e));
                return;
            }
            var pause = PAUSES[parcel.tries()];
            log.warn("A mail could not be delivered and is tried again in {}: {}", pause, namingNobody(e));
            waiting.add(
                    new Parcel(parcel.mail(), parcel.tries() + 1, System.nanoTime() + pause.toNanos(), e.toString()));
        } catch (RuntimeException e) {
            undelivered.decrementAndGet();
            lost.increment();
            log.error("A mail could not be made", e);
        }
    }

    /// Servers repeat the address they do not like.
    private static String namingNobody(Exception failure) {
        return ADDRESS.matcher(failure.toString()).replaceAll("…");
    }

    private void giveUp(Parcel parcel) {
        undelivered.decrementAndGet();
        lost.increment();
        synchronized (givenUp) {
            if (givenUp.size() == MOST_GIVEN_UP) {
                givenUp.removeFirst();
            }
            givenUp.add(parcel);
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
