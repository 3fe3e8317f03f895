package rocks.urvote.operations.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TuningTests {

    private static final Needs ONE_NODE = new Needs(1, 50, 2);
    private static final Server NEW = new Server(18, true, true, List.of());

    @ParameterizedTest
    @CsvSource({
        "1GB,   256MB, 768MB, 4MB,  64MB",
        "2GB,   512MB, 1536MB, 5MB, 128MB",
        "4GB,   1GB,   3GB,   10MB, 256MB",
        "8GB,   2GB,   6GB,   20MB, 512MB",
        "16GB,  4GB,   12GB,  40MB, 1GB",
        "64GB,  16GB,  48GB,  64MB, 1GB",
        "512GB, 128GB, 384GB, 64MB, 1GB",
        "768MB, 192MB, 576MB, 4MB,  48MB"
    })
    void givesEachPartOfTheMemoryToAnEnd(String memory, String buffers, String cache, String work, String maintenance) {
        var tuning = Tuning.of(Machine.told(Machine.memory(memory).getAsLong(), 4, Disk.SSD), ONE_NODE, NEW);

        assertThat(value(tuning, "shared_buffers")).isEqualTo(buffers);
        assertThat(value(tuning, "effective_cache_size")).isEqualTo(cache);
        assertThat(size(tuning, "work_mem")).isBetween(size(work) * 0.9, size(work) * 1.1);
        assertThat(value(tuning, "maintenance_work_mem")).isEqualTo(maintenance);
    }

    @Test
    void leavesHalfOfTheMemoryToAnUrVoteBesideIt() {
        var beside = new Machine(8 * Amount.GB, 2, Disk.SSD, OptionalLong.empty(), true, List.of());

        assertThat(value(Tuning.of(beside, ONE_NODE, NEW), "effective_cache_size"))
                .isEqualTo("4GB");
    }

    /// Buffers, a sort of every connection, and three vacuums at once leave room for the system.
    @ParameterizedTest
    @CsvSource({"512MB, 1", "1GB, 1", "2GB, 4", "4GB, 1", "8GB, 2", "64GB, 8", "256GB, 20"})
    void neverPromisesMoreMemoryThanThereIs(String memory, int nodes) {
        double all = size(memory);

        var tuning = Tuning.of(Machine.told((long) all, 4, Disk.SSD), new Needs(nodes, 50, 2), NEW);

        double sorts = size(tuning, "work_mem") * Double.parseDouble(value(tuning, "max_connections"));
        double least = 4.0 * Amount.MB * Double.parseDouble(value(tuning, "max_connections"));
        assertThat(size(tuning, "shared_buffers") + 3 * size(tuning, "maintenance_work_mem") + sorts)
                .isLessThan(Math.max(all * 0.75, all * 0.6 + least));
    }

    @ParameterizedTest
    @CsvSource({"1, 50, 2, 100", "2, 50, 2, 150", "4, 50, 2, 250", "1, 10, 1, 100", "3, 100, 8, 350"})
    void hasRoomForAllConnections(int nodes, int pool, int writers, int connections) {
        var tuning = Tuning.of(Machine.told(Amount.GB, 2, Disk.SSD), new Needs(nodes, pool, writers), NEW);

        assertThat(value(tuning, "max_connections")).isEqualTo(Integer.toString(connections));
        assertThat(connections).isGreaterThanOrEqualTo(nodes * (pool + writers) + 3);
    }

    @ParameterizedTest
    @CsvSource({
        "1GB, 1000, 4GB",
        "8GB, 1000, 4GB",
        "16GB, 1000, 16GB",
        "64GB, 1000, 16GB",
        "64GB, 60, 6GB",
        "1GB, 5, 1GB"
    })
    void leavesNineTenthsOfTheDiskToOtherThanTheJournal(String memory, long freeGigabytes, String journal) {
        var machine = new Machine(
                (long) size(memory), 4, Disk.SSD, OptionalLong.of(freeGigabytes * Amount.GB), false, List.of());

        assertThat(value(Tuning.of(machine, ONE_NODE, NEW), "max_wal_size")).isEqualTo(journal);
    }

    @ParameterizedTest
    @CsvSource({"SSD, 1.1, 200, 2000", "HDD, 4, 2, 400"})
    void knowsWhatADiskCanDo(Disk disk, String cost, String concurrency, String vacuum) {
        var tuning = Tuning.of(Machine.told(Amount.GB, 2, disk), ONE_NODE, NEW);

        assertThat(value(tuning, "random_page_cost")).isEqualTo(cost);
        assertThat(value(tuning, "effective_io_concurrency")).isEqualTo(concurrency);
        assertThat(value(tuning, "autovacuum_vacuum_cost_limit")).isEqualTo(vacuum);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "4, 1", "8, 2", "16, 4", "128, 4"})
    void leavesProcessorsToVotes(int cores, String workers) {
        assertThat(value(
                        Tuning.of(Machine.told(Amount.GB, cores, Disk.SSD), ONE_NODE, NEW),
                        "max_parallel_workers_per_gather"))
                .isEqualTo(workers);
    }

    @Test
    void keepsTheLibrariesThatAreLoadedAlready() {
        var tuning = Tuning.of(
                Machine.told(Amount.GB, 2, Disk.SSD),
                ONE_NODE,
                new Server(15, false, true, List.of("pg_cron", "auth")));
        var libraries = parameter(tuning, "shared_preload_libraries");

        assertThat(libraries.line()).endsWith("\nshared_preload_libraries = 'pg_cron,auth,pg_stat_statements'\n");
        assertThat(libraries.statement())
                .isEqualTo("alter system set shared_preload_libraries = 'pg_cron', 'auth', 'pg_stat_statements'");
        assertThat(libraries.accepts("pg_stat_statements, auth,\"pg_cron\"", ""))
                .isTrue();
        assertThat(libraries.accepts("auth,pg_cron", "")).isFalse();
    }

    @Test
    void asksForNothingTheServerDoesNotHave() {
        var tuning = Tuning.of(Machine.told(Amount.GB, 2, Disk.SSD), ONE_NODE, Server.unknown());

        assertThat(tuning.parameters()).extracting(Parameter::name).doesNotContain("shared_preload_libraries");
        assertThat(value(tuning, "wal_compression")).isEqualTo("on");
    }

    @ParameterizedTest
    @CsvSource({
        "shared_buffers, 262144, 8kB, true",
        "shared_buffers, 180224, 8kB, true",
        "shared_buffers, 393216, 8kB, true",
        "shared_buffers, 16384,  8kB, false",
        "shared_buffers, 131072, 8kB, false",
        "shared_buffers, 524288, 8kB, false",
        "max_wal_size, 4096, MB, true",
        "max_wal_size, 1024, MB, false",
        "checkpoint_timeout, 900, s, true",
        "checkpoint_timeout, 300, s, false",
        "checkpoint_timeout, 1800, s, true",
        "max_connections, 300, '', true",
        "max_connections, 50, '', false",
        "random_page_cost, 1.1, '', true",
        "random_page_cost, 4, '', false",
        "jit, off, '', true",
        "jit, on, '', false",
        "fsync, off, '', false",
        "synchronous_commit, remote_apply, '', true",
        "synchronous_commit, local, '', true",
        "synchronous_commit, off, '', false",
        "wal_compression, pglz, '', true",
        "wal_compression, off, '', false",
        "log_min_duration_statement, -1, ms, false",
        "log_min_duration_statement, 250, ms, true",
        "log_min_duration_statement, 5000, ms, false",
        "log_parameter_max_length, -1, B, false",
        "log_parameter_max_length, 0, B, true"
    })
    void takesWhatIsAsGood(String name, String setting, String unit, boolean accepted) {
        var tuning = Tuning.of(Machine.told(8 * Amount.GB, 2, Disk.SSD), ONE_NODE, NEW);

        assertThat(parameter(tuning, name).accepts(setting, unit)).isEqualTo(accepted);
    }

    @Test
    void printsEachWithItsReason() {
        var machine = new Machine(
                8 * Amount.GB, 2, Disk.HDD, OptionalLong.empty(), true, List.of("the memory is what somebody allows"));

        assertThat(Tuning.of(machine, ONE_NODE, NEW).file(machine))
                .startsWith("# PostgreSQL for UrVote on a machine with 8GB memory, 2 processors, HDD, shared with"
                        + " UrVote.\n")
                .contains("# Note: the memory is what somebody allows.\n")
                .contains("\n# A quarter of the memory.\nshared_buffers = 2GB\n");
    }

    @Test
    void documentsEach() throws Exception {
        var documented = Files.readAllLines(Path.of("docs/tuning.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .collect(Collectors.toList());

        assertThat(Tuning.of(Machine.told(Amount.GB, 2, Disk.SSD), ONE_NODE, NEW)
                        .parameters())
                .extracting(Parameter::name)
                .containsExactlyElementsOf(documented);
    }

    @ParameterizedTest
    @CsvSource({"8GB", "512MB", "256MB"})
    void understandsSizesOfMemory(String text) {
        assertThat(Machine.memory(text)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"8", "8 GB", "8gb", "-1GB", "64MB", "255MB", "GB", "1e3GB", "8TB", "99999999GB"})
    void refusesWhatIsNoSizeOfMemory(String text) {
        assertThat(Machine.memory(text)).isEmpty();
    }

    private static String value(Tuning tuning, String name) {
        return parameter(tuning, name).value();
    }

    private static double size(Tuning tuning, String name) {
        return size(value(tuning, name));
    }

    private static double size(String text) {
        return Amount.parse(text).orElseThrow();
    }

    private static Parameter parameter(Tuning tuning, String name) {
        return tuning.parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
