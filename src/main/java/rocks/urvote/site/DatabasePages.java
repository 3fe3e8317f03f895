package rocks.urvote.site;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.figures.Figures;
import rocks.urvote.operations.figures.Finding;
import rocks.urvote.operations.figures.Report;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Page;
import rocks.urvote.web.Problem;

/// What there is to see of the database and of this node's work with it, for admins.
@RestController
class DatabasePages {

    private final Figures figures;
    private final MeterRegistry registry;

    DatabasePages(Figures figures, MeterRegistry registry) {
        this.figures = figures;
        this.registry = registry;
    }

    /// Everything as it is now.
    public record DatabaseFigures(Report report, List<Reading> node) implements Page {

        private static final int AT_ONCE = 8;

        public List<Finding> todo() {
            return report.findings().stream().filter(finding -> !finding.well()).toList();
        }

        /// What is shown at once of many.
        public static <T> List<T> first(List<T> all) {
            return all.subList(0, Math.min(AT_ONCE, all.size()));
        }

        public static <T> List<T> rest(List<T> all) {
            return all.subList(Math.min(AT_ONCE, all.size()), all.size());
        }

        /// `1.2 s`, `340 ms`, `0.12 ms`
        public static String time(Duration time) {
            double millis = time.toNanos() / 1e6;
            return millis >= 1000
                    ? "%,.1f s".formatted(millis / 1000)
                    : millis >= 10 ? "%.0f ms".formatted(millis) : "%.2f ms".formatted(millis);
        }
    }

    /// One figure of this node, and what it is about.
    public record Reading(String what, String value, String about) {}

    @GetMapping("/admin/database")
    DatabaseFigures look(Caller caller) {
        caller.mustBeAdmin();
        try {
            return new DatabaseFigures(figures.now(), node());
        } catch (Command.Failed e) {
            throw Problem.busy(Duration.ofSeconds(5)).raised();
        }
    }

    private List<Reading> node() {
        return Stream.of(
                        reading(
                                "Connections in use",
                                "hikaricp.connections.active",
                                "hikaricp.connections.max",
                                "of the pool"),
                        reading("Requests that wait for one", "hikaricp.connections.pending", "", "should be none"),
                        reading(
                                "Votes inside",
                                "urvote.ballot.queue",
                                "urvote.ballot.queue.capacity",
                                "of the ballot box"),
                        batches(),
                        reading("Mails waiting", "urvote.mails.waiting", "", "to be delivered"))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Reading> reading(String what, String name, String mostName, String about) {
        return value(name)
                .map(value -> new Reading(
                        what,
                        "%,.0f".formatted(value)
                                + value(mostName).map(" of %,.0f"::formatted).orElse(""),
                        about));
    }

    private Optional<Double> value(String name) {
        return Optional.ofNullable(registry.find(name).gauge()).map(Gauge::value);
    }

    private Optional<Reading> batches() {
        var sizes = registry.find("urvote.ballot.batch.size").summary();
        var times = registry.find("urvote.ballot.batch.time").timer();
        if (sizes == null || times == null || sizes.count() == 0) {
            return Optional.empty();
        }
        return Optional.of(new Reading(
                "Votes in a batch",
                "%,.1f".formatted(sizes.mean()),
                "on average, each batch in %s"
                        .formatted(
                                DatabaseFigures.time(Duration.ofNanos(Math.round(times.mean(TimeUnit.NANOSECONDS)))))));
    }
}
