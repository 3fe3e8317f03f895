package rocks.urvote.songs;

import rocks.urvote.kernel.Id;

public record SongId(long value) implements Id {}
