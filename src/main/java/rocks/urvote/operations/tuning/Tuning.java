package rocks.urvote.operations.tuning;

import static rocks.urvote.operations.tuning.Amount.GB;
import static rocks.urvote.operations.tuning.Amount.MB;
import static rocks.urvote.operations.tuning.Parameter.Fit.ABOUT;
import static rocks.urvote.operations.tuning.Parameter.Fit.AT_LEAST;
import static rocks.urvote.operations.tuning.Parameter.Fit.AT_MOST;
import static rocks.urvote.operations.tuning.Parameter.Fit.CONTAINS;
import static rocks.urvote.operations.tuning.Parameter.Fit.EXACTLY;
import static rocks.urvote.operations.tuning.Parameter.Fit.NOT_OFF;

import java.util.ArrayList;
import java.util.List;

/// What a PostgreSQL should be told that serves UrVote on such a machine. Where each comes from stands in
/// `docs/tuning.md`.
public record Tuning(List<Parameter> parameters) {

    private static final long HUGE_PAGE = 2 * MB;

    public Tuning {
        parameters = List.copyOf(parameters);
    }

    public static Tuning of(Machine machine, Needs needs, Server server) {
        var all = new ArrayList<Parameter>();
        all.addAll(durability());
        all.addAll(memory(machine, needs));
        all.addAll(journal(machine, server));
        all.addAll(planner(machine));
        all.addAll(autovacuum(machine));
        all.addAll(watching(server));
        return new Tuning(all);
    }

    private static List<Parameter> durability() {
        return List.of(
                matters("fsync", "on", EXACTLY, "A vote that was acknowledged is on the disk."),
                matters("full_page_writes", "on", EXACTLY, "A page half written when the power fails can be mended."),
                matters(
                        "synchronous_commit",
                        "on",
                        NOT_OFF,
                        "Votes ask for it themselves; here for all else people were told is done."));
    }

    private static List<Parameter> memory(Machine machine, Needs needs) {
        long connections = Math.max(100, (needs.connections() + 49) / 50 * 50L);
        long buffers = Amount.rounded(machine.memory() / 4);
        return List.of(
                matters(
                        "max_connections",
                        Long.toString(connections),
                        AT_LEAST,
                        "%d node%s of UrVote with a pool of %d and %d writers, commands, backups, and people who look."
                                .formatted(
                                        needs.nodes(), needs.nodes() == 1 ? "" : "s", needs.pool(), needs.writers())),
                matters("shared_buffers", Amount.text(buffers), ABOUT, "A quarter of the memory."),
                matters(
                        "effective_cache_size",
                        Amount.text(Amount.rounded(machine.shared() ? machine.memory() / 2 : machine.memory() / 4 * 3)),
                        ABOUT,
                        machine.shared()
                                ? "What buffers and the system's cache hold together: half of the memory, as UrVote"
                                        + " takes the other. A hint to the planner, no memory is taken."
                                : "What buffers and the system's cache hold together: three quarters of the memory. A"
                                        + " hint to the planner, no memory is taken."),
                matters(
                        "work_mem",
                        Amount.text(Amount.rounded(between(4 * MB, machine.memory() / 4 / connections, 64 * MB))),
                        ABOUT,
                        "For each sort and hash: if all connections sort at once, a quarter of the memory."),
                matters(
                        "maintenance_work_mem",
                        Amount.text(Amount.rounded(between(32 * MB, machine.memory() / 16, GB))),
                        ABOUT,
                        "For vacuum and for making indexes: a sixteenth of the memory, and no more than 1GB."),
                helps(
                        "huge_pages",
                        "try",
                        NOT_OFF,
                        "Fewer page tables for many connections, once the system has such pages: vm.nr_hugepages=%d."
                                .formatted((buffers + buffers / 20) / HUGE_PAGE + 1)));
    }

    private static List<Parameter> journal(Machine machine, Server server) {
        long room = machine.free().isPresent() ? machine.free().getAsLong() / 10 : Long.MAX_VALUE;
        long most = between(GB, Math.min(room / GB * GB, machine.memory() < 16 * GB ? 4 * GB : 16 * GB), 16 * GB);
        return List.of(
                matters(
                        "max_wal_size",
                        Amount.text(most),
                        AT_LEAST,
                        "Checkpoints come by the clock on voting days too, not because the journal is full."),
                matters(
                        "min_wal_size",
                        Amount.text(Math.min(GB, most / 4)),
                        AT_LEAST,
                        "Journal files are used again instead of made anew when the rush comes."),
                matters(
                        "checkpoint_timeout",
                        "15min",
                        AT_LEAST,
                        "After each checkpoint every page goes whole into the journal once: three times fewer than"
                                + " every 5min."),
                matters(
                        "wal_compression",
                        server.lz4() ? "lz4" : "on",
                        NOT_OFF,
                        "Those whole pages, compressed: less to write and to archive for a little of the processor."));
    }

    private static List<Parameter> planner(Machine machine) {
        boolean ssd = machine.disk() == Disk.SSD;
        return List.of(
                matters(
                        "random_page_cost",
                        ssd ? "1.1" : "4",
                        EXACTLY,
                        ssd
                                ? "An SSD reads anywhere at nearly the price of the next page."
                                : "A disk that turns has to seek."),
                matters(
                        "effective_io_concurrency",
                        ssd ? "200" : "2",
                        ssd ? AT_LEAST : ABOUT,
                        ssd
                                ? "An SSD answers many requests at once."
                                : "One disk that turns does one thing at a time."),
                matters("jit", "off", EXACTLY, "UrVote's queries take less time than compiling them."),
                matters(
                        "max_parallel_workers_per_gather",
                        Integer.toString(Math.clamp(machine.cores() / 4, 0, 4)),
                        AT_MOST,
                        "One query for somebody who looks does not take the processors from votes."));
    }

    private static List<Parameter> autovacuum(Machine machine) {
        return List.of(
                matters(
                        "autovacuum_naptime",
                        "15s",
                        AT_MOST,
                        "Tallies change with every batch of votes; what is outdated goes before it piles up."),
                matters(
                        "autovacuum_vacuum_scale_factor",
                        "0.05",
                        AT_MOST,
                        "A table of a million ballots does not wait for 200,000 outdated rows."),
                matters(
                        "autovacuum_vacuum_insert_scale_factor",
                        "0.05",
                        AT_MOST,
                        "Votes are only added: marked as visible to all in small bites, so that counts read the index"
                                + " alone."),
                matters(
                        "autovacuum_analyze_scale_factor",
                        "0.02",
                        AT_MOST,
                        "A new month is known to the planner before it is large."),
                matters(
                        "autovacuum_vacuum_cost_limit",
                        machine.disk() == Disk.SSD ? "2000" : "400",
                        AT_LEAST,
                        "The usual 200 is for disks of another age; vacuum would fall behind the votes."));
    }

    private static List<Parameter> watching(Server server) {
        var all = new ArrayList<>(List.of(
                matters(
                        "log_parameter_max_length",
                        "0",
                        EXACTLY,
                        "Slow statements are logged without what people sent: no addresses in the log."),
                helps("log_min_duration_statement", "1s", AT_MOST, "What is slow is seen before people tell of it."),
                helps("log_lock_waits", "on", EXACTLY, "Who waits for whom for longer than a second."),
                helps("log_checkpoints", "on", EXACTLY, "Whether checkpoints come by the clock."),
                helps("log_temp_files", "64MB", AT_MOST, "What did not fit into work_mem by far."),
                helps("track_io_timing", "on", EXACTLY, "How long statements wait for the disk.")));
        if (server.statements()) {
            var libraries = new ArrayList<>(server.preloaded());
            if (!libraries.contains("pg_stat_statements")) {
                libraries.add("pg_stat_statements");
            }
            all.add(helps(
                    "shared_preload_libraries",
                    String.join(",", libraries),
                    CONTAINS,
                    "Which statements cost most; see them with: create extension pg_stat_statements, in"
                            + " database postgres."));
        }
        return all;
    }

    private static Parameter matters(String name, String value, Parameter.Fit fit, String reason) {
        return new Parameter(name, value, fit, true, reason);
    }

    private static Parameter helps(String name, String value, Parameter.Fit fit, String reason) {
        return new Parameter(name, value, fit, false, reason);
    }

    private static long between(long least, long wanted, long most) {
        return Math.clamp(wanted, least, most);
    }

    /// To be included by `postgresql.conf`.
    public String file(Machine machine) {
        var text = new StringBuilder("# PostgreSQL for UrVote on a machine with %s.\n".formatted(machine.text()));
        text.append("# Made by 'urvote database tune --print'; what each is worth stands in docs/tuning.md.\n");
        machine.remarks()
                .forEach(remark -> text.append("# Note: ").append(remark).append(".\n"));
        parameters.forEach(parameter -> text.append('\n').append(parameter.line()));
        return text.toString();
    }
}
