package rocks.urvote.kernel;

import java.time.Instant;

/// Something that happened and will not unhappen. Published by the module it happened in, inside the transaction in
/// which it happened; the audit log writes it down by itself.
public interface Fact {

    Instant at();
}
