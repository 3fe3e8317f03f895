/// What database, disk and backups measure: for `urvote sizes`, the operator's page, the metrics and `urvote check`.
@NamedInterface("figures")
@NullMarked
package rocks.urvote.operations.figures;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
