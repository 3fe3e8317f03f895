package rocks.urvote.operations.tuning;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// The machine PostgreSQL runs on, as far as it may use it.
///
/// @param memory  in bytes
/// @param cores   processors
/// @param free    bytes that are free on its disk, where known
/// @param shared  UrVote runs on it too, and takes up to half of the memory
/// @param remarks how all this came to be known, for the operator
public record Machine(long memory, int cores, Disk disk, OptionalLong free, boolean shared, List<String> remarks) {

    public Machine {
        remarks = List.copyOf(remarks);
    }

    /// This machine as a process of the server sees it: with the limits of its control group.
    public static Machine here(long process, Path dataDirectory) throws IOException {
        return new MachineReader(Path.of("/")).read(process, dataDirectory);
    }

    /// A server elsewhere, of which somebody has told, and which PostgreSQL has for itself.
    public static Machine told(long memory, int cores, Disk disk) {
        return new Machine(memory, cores, disk, OptionalLong.empty(), false, List.of());
    }

    /// `8GB` in bytes; empty for anything else than a size from 256MB on.
    public static OptionalLong memory(String text) {
        long bytes = text.matches("[0-9]{1,6}(MB|GB)")
                ? Math.round(Amount.parse(text).orElse(0.0))
                : 0;
        return bytes >= 256 * Amount.MB ? OptionalLong.of(bytes) : OptionalLong.empty();
    }

    public String text() {
        return "%s memory, %d processor%s, %s%s"
                .formatted(
                        Amount.text(memory / Amount.MB * Amount.MB),
                        cores,
                        cores == 1 ? "" : "s",
                        disk,
                        shared ? ", shared with UrVote" : "");
    }
}
