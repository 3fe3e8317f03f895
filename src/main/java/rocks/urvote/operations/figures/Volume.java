package rocks.urvote.operations.figures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import rocks.urvote.operations.Premises;

/// A disk, or a part of one, with things of UrVote on it.
///
/// @param holds     what lies there: `database`, `uploads`, `backups`, `data`
/// @param bytesADay by which what lies there grows, as far as it is known
public record Volume(
        List<String> holds,
        Path folder,
        long bytes,
        long free,
        @Nullable Long bytesADay) {

    public Volume {
        holds = List.copyOf(holds);
    }

    public String name() {
        return String.join(", ", holds);
    }

    public long freePercent() {
        return bytes == 0 ? 0 : 100 * free / bytes;
    }

    /// In how many days it is full if it goes on like that; absent where it does not grow, or nobody knows.
    public OptionalLong fullInDays() {
        return bytesADay == null || bytesADay <= 0 ? OptionalLong.empty() : OptionalLong.of(free / bytesADay);
    }

    /// Where the database's own disk can be seen, it is one of them; things that share one are counted together.
    static List<Volume> of(Premises premises, OptionalLong databaseADay, OptionalLong uploadsADay) {
        var folders = new LinkedHashMap<String, Path>();
        if (premises.embedded()) {
            folders.put("database", premises.data().resolve("postgres"));
        }
        folders.put("uploads", premises.backups().uploads());
        folders.put("backups", premises.backups().folder());
        folders.put("data", premises.data());
        var volumes = new LinkedHashMap<Object, List<String>>();
        folders.forEach((what, folder) ->
                volumes.computeIfAbsent(device(folder), _ -> new ArrayList<>()).add(what));
        return volumes.values().stream()
                .map(holds -> {
                    var folder = existing(Objects.requireNonNull(folders.get(holds.getFirst())));
                    var growth = sum(
                            holds.contains("database") ? databaseADay : OptionalLong.empty(),
                            holds.contains("uploads") ? uploadsADay : OptionalLong.empty());
                    return measured(holds, folder, growth);
                })
                .toList();
    }

    private static Volume measured(List<String> holds, Path folder, @Nullable Long growth) {
        try {
            var store = Files.getFileStore(folder);
            return new Volume(holds, folder, store.getTotalSpace(), store.getUsableSpace(), growth);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Long sum(OptionalLong first, OptionalLong second) {
        return first.isEmpty() && second.isEmpty() ? null : first.orElse(0) + second.orElse(0);
    }

    private static Object device(Path folder) {
        try {
            return Files.getAttribute(existing(folder), "unix:dev");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The folder itself, or where it will be made.
    private static Path existing(Path folder) {
        var there = folder.toAbsolutePath();
        while (!Files.isDirectory(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }
}
