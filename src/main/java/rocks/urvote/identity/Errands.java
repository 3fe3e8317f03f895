package rocks.urvote.identity;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import rocks.urvote.web.Problem;

/// Work that goes on after the answer, so that the answer's time tells nothing about it. Few at once and not too many
/// waiting: whoever comes then is told to come again.
@Component
final class Errands implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(Errands.class);

    private final ThreadPoolExecutor errands = new ThreadPoolExecutor(
            4,
            4,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(1_000),
            Thread.ofVirtual().name("errand-", 0).factory());

    void run(Runnable errand) {
        try {
            errands.execute(() -> {
                try {
                    errand.run();
                } catch (RuntimeException e) {
                    log.error("Something asked for could not be done after the answer", e);
                }
            });
        } catch (RejectedExecutionException e) {
            throw Problem.busy(Duration.ofSeconds(2)).raised();
        }
    }

    @Override
    public void destroy() throws InterruptedException {
        errands.shutdown();
        if (!errands.awaitTermination(5, TimeUnit.SECONDS)) {
            log.warn(
                    "{} codes or links asked for were not mailed",
                    errands.getQueue().size());
        }
    }
}
