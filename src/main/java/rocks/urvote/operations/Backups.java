package rocks.urvote.operations;

import java.nio.file.Path;

/// The folder of everything that is kept against loss: `URVOTE_BACKUPS`.
public record Backups(Path folder) {}
