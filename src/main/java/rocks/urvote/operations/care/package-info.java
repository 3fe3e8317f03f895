/// Care of the tables: what PostgreSQL does not do by itself, or not in time.
@NullMarked
package rocks.urvote.operations.care;

import org.jspecify.annotations.NullMarked;
