package rocks.urvote.operations.tuning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Reads what Linux tells of a machine in `/proc` and `/sys`, here below a root of choice.
final class MachineReader {

    private static final Pattern MEMORY = Pattern.compile("(?m)^MemTotal: +([0-9]+) kB$");
    private static final Pattern PROCESSORS = Pattern.compile("(?m)^Cpus_allowed_list:\\s*(\\S+)$");

    /// A disk of a virtual machine says that it turns, whatever lies beneath.
    private static final Pattern VIRTUAL = Pattern.compile("(vd|xvd|loop|nbd|rbd).*");

    private final Path root;

    MachineReader(Path root) {
        this.root = root;
    }

    Machine read(long process, Path dataDirectory) throws IOException {
        var remarks = new ArrayList<String>();
        var there = existing(dataDirectory);
        long device = ((Number) Files.getAttribute(there, "unix:dev")).longValue();
        return new Machine(
                memory(process, remarks),
                cores(process),
                disk(major(device), minor(device), remarks),
                OptionalLong.of(there.toFile().getUsableSpace()),
                true,
                remarks);
    }

    /// The machine's, or less where the process's control group or one above it is limited.
    long memory(long process, List<String> remarks) throws IOException {
        var total = MEMORY.matcher(Files.readString(root.resolve("proc/meminfo")));
        if (!total.find()) {
            throw new IOException("/proc/meminfo does not tell MemTotal");
        }
        long memory = Long.parseLong(total.group(1)) * Amount.KB;
        for (var group : controlGroups(process, "memory")) {
            for (var name : List.of("memory.max", "memory.limit_in_bytes")) {
                var limit = number(group.resolve(name));
                if (limit.isPresent() && limit.getAsLong() < memory) {
                    memory = limit.getAsLong();
                    remarks.add("the memory is what %s allows".formatted(group.resolve(name)));
                }
            }
        }
        return memory;
    }

    /// Those the process may run on, or fewer where its control group has a quota.
    int cores(long process) throws IOException {
        var allowed = PROCESSORS.matcher(Files.readString(root.resolve("proc/" + process + "/status")));
        int cores =
                allowed.find() ? count(allowed.group(1)) : Runtime.getRuntime().availableProcessors();
        for (var group : controlGroups(process, "cpu")) {
            var quota = number(group.resolve("cpu.cfs_quota_us"));
            var period = number(group.resolve("cpu.cfs_period_us"));
            var both = text(group.resolve("cpu.max")).map(text -> text.split(" ", 2));
            if (both.isPresent() && both.get().length == 2 && !both.get()[0].equals("max")) {
                quota = OptionalLong.of(Long.parseLong(both.get()[0]));
                period = OptionalLong.of(Long.parseLong(both.get()[1]));
            }
            if (quota.isPresent() && period.isPresent() && quota.getAsLong() > 0) {
                cores = Math.min(cores, (int) Math.ceilDiv(quota.getAsLong(), period.getAsLong()));
            }
        }
        return Math.max(cores, 1);
    }

    Disk disk(long major, long minor, List<String> remarks) throws IOException {
        var device = root.resolve("sys/dev/block/%d:%d".formatted(major, minor));
        if (!Files.exists(device)) {
            remarks.add("what the data lies on is no disk of its own, and is taken for an SSD: say --disk hdd if not");
            return Disk.SSD;
        }
        var disk = device.toRealPath();
        if (!Files.exists(disk.resolve("queue/rotational"))) {
            disk = Optional.ofNullable(disk.getParent()).orElse(disk); // of a partition
        }
        var name = String.valueOf(disk.getFileName());
        if (number(disk.resolve("queue/rotational")).orElse(0) == 0) {
            return Disk.SSD;
        }
        if (VIRTUAL.matcher(name).matches()) {
            remarks.add("the virtual disk %s does not tell what it is, and is taken for an SSD: say --disk hdd if not"
                    .formatted(name));
            return Disk.SSD;
        }
        return Disk.HDD;
    }

    /// The folders of a process's control groups of a kind, its own first, of both versions.
    private List<Path> controlGroups(long process, String kind) throws IOException {
        var groups = new ArrayList<Path>();
        for (var line : text(root.resolve("proc/" + process + "/cgroup"))
                .orElse("")
                .lines()
                .toList()) {
            var parts = line.split(":", 3);
            if (parts.length < 3) {
                continue;
            }
            if (parts[1].isEmpty()) {
                groups.addAll(upwards(root.resolve("sys/fs/cgroup"), parts[2]));
            } else if (List.of(parts[1].split(",", -1)).contains(kind)) {
                groups.addAll(upwards(root.resolve("sys/fs/cgroup").resolve(kind), parts[2]));
            }
        }
        return groups;
    }

    private static List<Path> upwards(Path mount, String group) {
        var folders = new ArrayList<Path>();
        var folder = mount.resolve(group.replaceFirst("^/+", "")).normalize();
        while (folder != null && folder.startsWith(mount)) {
            folders.add(folder);
            folder = folder.getParent();
        }
        return folders;
    }

    private static OptionalLong number(Path file) throws IOException {
        return text(file)
                .filter(text -> text.matches("-?[0-9]{1,19}"))
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }

    private static Optional<String> text(Path file) throws IOException {
        return Files.isReadable(file) && Files.isRegularFile(file)
                ? Optional.of(Files.readString(file).strip())
                : Optional.empty();
    }

    /// `0-3,8` are five.
    private static int count(String list) {
        int all = 0;
        for (var range : list.split(",", -1)) {
            var ends = range.split("-", 2);
            all += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
        }
        return all;
    }

    /// The folder itself, or the next above that can be seen.
    private static Path existing(Path folder) {
        var there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    private static long major(long device) {
        return ((device >> 8) & 0xfff) | ((device >> 32) & ~0xfffL);
    }

    private static long minor(long device) {
        return (device & 0xff) | ((device >> 12) & ~0xffL);
    }
}
