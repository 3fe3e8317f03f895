/// Files: receiving, proving, storing, processing, serving.
@NullMarked
package rocks.urvote.media;

import org.jspecify.annotations.NullMarked;
