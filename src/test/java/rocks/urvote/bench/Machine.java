package rocks.urvote.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where the processor's time goes, in ticks of 10 ms as `/proc` counts them.
final class Machine {

    private Machine() {}

    /// What was used until now: of all processors together, and by each of some processes.
    record Used(long busy, Map<Long, Long> processes) {}

    static Used used(List<Long> pids) {
        var processes = new HashMap<Long, Long>();
        for (var pid : pids) {
            var ticks = of(pid);
            if (ticks >= 0) {
                processes.put(pid, ticks);
            }
        }
        return new Used(busy(), processes);
    }

    /// Ticks of all of them. What a process that ended had used is its parent's by then, so nothing is lost where the
    /// parent is one of them.
    static long between(Used before, Used after) {
        return sum(after) - sum(before);
    }

    private static long sum(Used used) {
        return used.processes().values().stream().mapToLong(Long::longValue).sum();
    }

    private static long busy() {
        try {
            var words =
                    Files.readAllLines(Path.of("/proc/stat")).getFirst().trim().split("\\s+", 0);
            // user, nice, system, idle, iowait, irq, softirq, steal: what a host takes away counts as others, too
            return Long.parseLong(words[1])
                    + Long.parseLong(words[2])
                    + Long.parseLong(words[3])
                    + Long.parseLong(words[6])
                    + Long.parseLong(words[7])
                    + Long.parseLong(words[8]);
        } catch (IOException e) {
            throw new IllegalStateException("Linux only", e);
        }
    }

    private static long of(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            var words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 0);
            // Its own, in the kernel and outside of it, and that of its children that ended.
            return Long.parseLong(words[11])
                    + Long.parseLong(words[12])
                    + Long.parseLong(words[13])
                    + Long.parseLong(words[14]);
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }

    /// Resident memory in MB; of a tree of PostgreSQL, what each has for itself and its share of what they share.
    static long memory(List<Long> pids) {
        long kilobytes = 0;
        for (var pid : pids) {
            try {
                kilobytes += Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup")).stream()
                        .filter(line -> line.startsWith("Pss:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                        .sum();
            } catch (IOException e) {
                // It has ended meanwhile.
            }
        }
        return kilobytes / 1024;
    }
}
