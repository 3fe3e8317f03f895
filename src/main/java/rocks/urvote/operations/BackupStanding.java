package rocks.urvote.operations;

import java.time.Instant;
import java.util.Optional;

/// How things stand with the backups in their folder or bucket.
///
/// @param seen         whether it could be looked into; there are no numbers else
/// @param count        how many there are
/// @param bytes        of the newest one
/// @param newest       when it was made
/// @param newestProved when the newest of those was made that a restore has proved
/// @param daily        whether UrVote makes one every day
/// @param doubt        why they are not to be relied on, in a sentence; empty where they are
public record BackupStanding(
        boolean seen,
        int count,
        long bytes,
        Optional<Instant> newest,
        Optional<Instant> newestProved,
        boolean daily,
        Optional<String> doubt) {}
