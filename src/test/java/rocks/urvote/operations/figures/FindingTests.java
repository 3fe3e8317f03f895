package rocks.urvote.operations.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rocks.urvote.operations.BackupStanding;

class FindingTests {

    private static final long MB = 1 << 20;

    private Volume disk = new Volume(List.of("database", "uploads"), Path.of("/"), 1000 * MB, 100 * MB, 7 * MB);
    private TableSize votes = new TableSize("contest", "votes", 5, 40_000, 10_001, 9 * MB, MB, null, 2 * MB);
    private Activity activity = busy(0, Duration.ZERO, Duration.ZERO);
    private Optional<Replica> replica = Optional.empty();
    private double oldestFact = 300;

    @Test
    void findsNothingToDoWhereAllIsWell() {
        replica = Optional.of(new Replica.Following(1024, Duration.ofSeconds(30)));

        assertThat(findings()).allMatch(Finding::well).hasSize(7);
        assertThat(findings())
                .extracting(Finding::what)
                .contains(
                        "size: the database takes 12 MB, and 2.0 MB more a day",
                        "disk of database, uploads: 10 % free, full in 14 days at this growth",
                        "replica: 1.0 kB and 30 s behind");
    }

    @Test
    void warnsOfADiskThatIsNearlyFull() {
        disk = new Volume(List.of("data"), Path.of("/"), 1000 * MB, 99 * MB, null);

        assertThat(todo()).containsExactly("disk of data: 9 % free; make room, or give it more");
    }

    @Test
    void warnsOfADiskThatIsFullSoon() {
        disk = new Volume(List.of("data"), Path.of("/"), 1000 * MB, 500 * MB, 50 * MB);

        assertThat(todo()).singleElement().asString().contains("full in 10 days");
    }

    @Test
    void doesNotExpectADiskThatEmptiesToBeFull() {
        disk = new Volume(List.of("data"), Path.of("/"), 1000 * MB, 500 * MB, -MB);

        assertThat(disk.fullInDays()).isEmpty();
        assertThat(todo()).isEmpty();
    }

    @Test
    void warnsOfConnectionsThatAreUsedUp() {
        activity = busy(91, Duration.ZERO, Duration.ZERO);

        assertThat(todo()).singleElement().asString().startsWith("sessions: 91 of 100 connections are used");
    }

    @Test
    void warnsOfWhoWaitsForLong() {
        activity = busy(0, Duration.ofSeconds(31), Duration.ZERO);

        assertThat(todo()).singleElement().asString().contains("1 wait for a lock, one for 31 s");
    }

    @Test
    void warnsOfAnOldTransaction() {
        activity = busy(0, Duration.ZERO, Duration.ofMinutes(61));

        assertThat(todo()).singleElement().asString().contains("open for 61 minutes");
    }

    @Test
    void warnsOfDeadRowsOnceThereAreManyAndAShareOfThem() {
        votes = new TableSize("contest", "votes", 5, 30_000, 10_001, MB, MB, null, null);

        assertThat(todo()).singleElement().asString().startsWith("vacuum: contest.votes hold many dead rows");
    }

    @Test
    void warnsOfFactsThatNobodyHears() {
        oldestFact = 301;

        assertThat(todo()).singleElement().asString().contains("(3 in contest)");
    }

    @Test
    void warnsOfAReplicaThatIsAwayOrBehind() {
        replica = Optional.of(new Replica.Away("it sleeps"));
        assertThat(todo()).containsExactly("replica: it sleeps");

        replica = Optional.of(new Replica.Following(MB, Duration.ofSeconds(31)));
        assertThat(todo()).singleElement().asString().startsWith("replica: 1.0 MB and 31 s behind; ");
    }

    private static Activity busy(int active, Duration waits, Duration transaction) {
        return new Activity(
                Map.of("active", active),
                100,
                transaction,
                1_000,
                0,
                0,
                waits.isZero() ? List.of() : List.of(new Activity.Waiting(1, "urvote", waits, List.of(2), "select 1")),
                Duration.ZERO);
    }

    private List<String> todo() {
        return findings().stream()
                .filter(finding -> !finding.well())
                .map(Finding::what)
                .toList();
    }

    private List<Finding> findings() {
        return new Report(
                        new Sizes(
                                "urvote",
                                "18.0",
                                Instant.EPOCH,
                                12 * MB,
                                List.of(votes),
                                List.of(),
                                List.of(),
                                null,
                                false),
                        List.of(disk),
                        activity,
                        Statements.NOT_THERE,
                        Map.of("contest", new Report.Outbox(3, oldestFact)),
                        0,
                        replica,
                        new BackupStanding(true, 0, 0, Optional.empty(), Optional.empty(), true, Optional.empty()))
                .findings();
    }
}
