package rocks.urvote.kernel;

/// Why somebody does what they are doing right now, in their own words: stands beside each line of the audit log that
/// this thread brings about.
public interface Reason {

    /// Empty where nobody said why.
    static String given() {
        return Holder.REASON.get();
    }

    static void give(String reason) {
        Holder.REASON.set(reason);
    }

    static void forget() {
        Holder.REASON.remove();
    }
}

final class Holder {

    static final ThreadLocal<String> REASON = ThreadLocal.withInitial(() -> "");

    private Holder() {}
}
