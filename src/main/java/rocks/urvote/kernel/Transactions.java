package rocks.urvote.kernel;

import java.util.function.Supplier;

/// The one place that opens transactions: each is made for somebody, and row level security holds it to that.
///
/// Inside a transaction another one for somebody else joins the first; when it is done, the first goes on as itself.
public interface Transactions {

    <T> T as(Acting acting, Supplier<T> work);

    default void as(Acting acting, Runnable work) {
        as(acting, () -> {
            work.run();
            return true;
        });
    }
}
