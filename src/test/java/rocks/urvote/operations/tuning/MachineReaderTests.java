package rocks.urvote.operations.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineReaderTests {

    private static final long GB = Amount.GB;

    @TempDir
    Path root;

    private final List<String> remarks = new ArrayList<>();
    private MachineReader machine;

    @BeforeEach
    void aMachineOf24Gigabytes() throws IOException {
        machine = new MachineReader(root);
        write("proc/meminfo", "MemTotal:       25165824 kB\nMemFree:        22011000 kB\n");
        write("proc/7/status", "Name:\tpostgres\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\n");
    }

    @Test
    void takesAllMemoryWhereNothingLimitsIt() throws IOException {
        write("proc/7/cgroup", "0::/system.slice/postgresql.service\n");
        write("sys/fs/cgroup/system.slice/postgresql.service/memory.max", "max\n");

        assertThat(machine.memory(7, remarks)).isEqualTo(24 * GB);
        assertThat(remarks).isEmpty();
    }

    @Test
    void respectsTheLimitOfAControlGroupAndOfThoseAbove() throws IOException {
        write("proc/7/cgroup", "0::/system.slice/postgresql.service\n");
        write("sys/fs/cgroup/system.slice/postgresql.service/memory.max", "12884901888\n");
        assertThat(machine.memory(7, remarks)).isEqualTo(12 * GB);

        write("sys/fs/cgroup/system.slice/memory.max", "4294967296\n");
        assertThat(machine.memory(7, remarks)).isEqualTo(4 * GB);
        assertThat(remarks).last().asString().contains("system.slice/memory.max");
    }

    @Test
    void respectsTheLimitsOfOldControlGroups() throws IOException {
        write("proc/7/cgroup", "9:name=systemd:/\n4:memory:/docker/1\n2:cpu,cpuacct:/docker/1\n0::/\n");
        write("sys/fs/cgroup/memory/docker/memory.limit_in_bytes", "9223372036854771712\n");
        write("sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes", "2147483648\n");
        write("sys/fs/cgroup/cpu/docker/1/cpu.cfs_quota_us", "250000\n");
        write("sys/fs/cgroup/cpu/docker/1/cpu.cfs_period_us", "100000\n");

        assertThat(machine.memory(7, remarks)).isEqualTo(2 * GB);
        assertThat(machine.cores(7)).isEqualTo(3);
    }

    @Test
    void respectsTheLimitInsideAContainerThatSeesItselfAsTheRoot() throws IOException {
        write("proc/7/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "1073741824\n");
        write("sys/fs/cgroup/cpu.max", "150000 100000\n");

        assertThat(machine.memory(7, remarks)).isEqualTo(GB);
        assertThat(machine.cores(7)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"0-7, 8", "0, 1", "'0-1,4-5,7', 5"})
    void countsTheProcessorsItMayUse(String list, int cores) throws IOException {
        write("proc/7/status", "Cpus_allowed_list:\t" + list + "\n");
        write("proc/7/cgroup", "0::/\n");
        write("sys/fs/cgroup/cpu.max", "max 100000\n");

        assertThat(machine.cores(7)).isEqualTo(cores);
    }

    @ParameterizedTest
    @CsvSource({"sda, 1, HDD", "sda, 0, SSD", "nvme0n1, 0, SSD", "dm-0, 1, HDD", "vda, 0, SSD"})
    void tellsDisksApart(String name, int rotational, Disk kind) throws IOException {
        disk(name, rotational);

        assertThat(machine.disk(8, 0, remarks)).isEqualTo(kind);
        assertThat(machine.disk(8, 1, remarks)).as("its partition").isEqualTo(kind);
        assertThat(remarks).isEmpty();
    }

    @Test
    void doesNotBelieveAVirtualDiskThatItTurns() throws IOException {
        disk("vda", 1);

        assertThat(machine.disk(8, 1, remarks)).isEqualTo(Disk.SSD);
        assertThat(remarks).singleElement().asString().contains("vda", "--disk hdd");
    }

    @Test
    void saysWhenItDoesNotKnowTheDisk() throws IOException {
        assertThat(machine.disk(0, 47, remarks)).isEqualTo(Disk.SSD);
        assertThat(remarks).singleElement().asString().contains("--disk hdd");
    }

    @Test
    void readsThisVeryMachine() throws IOException {
        var here = Machine.here(ProcessHandle.current().pid(), Path.of("target").toAbsolutePath());

        assertThat(here.memory()).isGreaterThan(256 * Amount.MB);
        assertThat(here.cores()).isPositive();
        assertThat(here.free().getAsLong()).isPositive();
    }

    /// As in /sys: a disk, its partition, and links to both by number.
    private void disk(String name, int rotational) throws IOException {
        write("sys/devices/block/" + name + "/queue/rotational", rotational + "\n");
        write("sys/devices/block/" + name + "/" + name + "1/partition", "1\n");
        var links = Files.createDirectories(root.resolve("sys/dev/block"));
        Files.createSymbolicLink(links.resolve("8:0"), Path.of("../../devices/block/" + name));
        Files.createSymbolicLink(links.resolve("8:1"), Path.of("../../devices/block/" + name + "/" + name + "1"));
    }

    private void write(String file, String content) throws IOException {
        var path = root.resolve(file);
        Files.createDirectories(path.resolveSibling("."));
        Files.writeString(path, content);
    }
}
