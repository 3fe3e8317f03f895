package rocks.urvote.songs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.UserId;

/// A submission as it stands.
public record Song(
        SongId id,
        ClientId client,
        ContestId contest,
        UserId artist,
        String title,
        String artistName,
        @Nullable String genre,
        String aiToolsUsed,
        @Nullable String description,
        License licenseType,
        @Nullable String filePath,
        @Nullable Long fileSize,
        @Nullable String fileHash,
        @Nullable String mediaType,
        @Nullable Long durationMs,
        @Nullable String externalLink,
        Status status,
        @Nullable String rejectionReason,
        Instant createdAt,
        Instant submittedAt,
        @Nullable Instant approvedAt,
        @Nullable Instant decidedAt,
        @Nullable Instant withdrawnAt,
        Instant rightsDeclaredAt) {

    public enum Status {
        PENDING,
        APPROVED,
        REJECTED,
        WITHDRAWN
    }

    public enum License {
        STREAM_ONLY,
        CC_BY,
        CC_BY_NC,
        CC_BY_SA,
        CC0
    }

    public boolean isBy(UserId user) {
        return artist.equals(user);
    }

    public boolean isApproved() {
        return status == Status.APPROVED;
    }
}
