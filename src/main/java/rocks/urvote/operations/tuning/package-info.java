/// What PostgreSQL should be told on a machine of this kind, and why.
@NullMarked
package rocks.urvote.operations.tuning;

import org.jspecify.annotations.NullMarked;
