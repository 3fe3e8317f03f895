/// Backups: written from one snapshot, proved by a restore, kept as long as is set, and restored.
@NullMarked
package rocks.urvote.operations.backups;

import org.jspecify.annotations.NullMarked;
