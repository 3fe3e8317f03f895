package rocks.urvote.votes;

import org.jspecify.annotations.Nullable;
import rocks.urvote.kernel.UserId;
import rocks.urvote.songs.SongId;

/// One attempt to vote: for what, by whom, and what is kept about it against fraud.
public record Ballot(
        SongId song,
        UserId voter,
        boolean verified,
        String ipAddress,
        @Nullable String userAgent,
        @Nullable String deviceFingerprint,
        @Nullable String country,
        @Nullable Key key) {

    /// An `Idempotency-Key`, and the fingerprint of the request it came with first.
    public record Key(String value, String requestHash) {}

    Ballot verifiedAfterAll() {
        return new Ballot(song, voter, true, ipAddress, userAgent, deviceFingerprint, country, key);
    }
}
