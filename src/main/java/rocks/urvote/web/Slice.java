package rocks.urvote.web;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A part of a list, and the cursor that leads on.
public record Slice<T>(List<T> items, @Nullable String nextCursor) {

    public Slice {
        items = List.copyOf(items);
    }

    /// Of rows read with `limit + 1`: one more than wanted tells that there is more.
    public static <T> Slice<T> of(List<T> rows, Window window, Function<T, Object> position) {
        if (rows.size() <= window.limit()) {
            return new Slice<>(rows, null);
        }
        var shown = rows.subList(0, window.limit());
        return new Slice<>(shown, Window.cursor(position.apply(shown.getLast()).toString()));
    }

    public <R> Slice<R> map(Function<T, R> change) {
        return new Slice<>(items.stream().map(change).toList(), nextCursor);
    }
}
