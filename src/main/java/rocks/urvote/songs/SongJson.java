package rocks.urvote.songs;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.UserId;

/// A song as the API shows it to everybody.
@Schema(name = "Song")
record SongJson(
        SongId id,
        ContestId contestId,
        ClientId clientId,
        String title,
        String artistName,
        @Nullable String genre,
        String aiToolsUsed,
        @Nullable String description,
        Song.License licenseType,
        @Nullable String externalLink,
        @Nullable String audioUrl,
        @Nullable String mediaType,
        @Nullable Long fileSize,
        @Nullable Double durationSeconds,
        Song.Status status,
        Instant createdAt,
        @Nullable Instant approvedAt) {

    static SongJson of(Song song) {
        return new SongJson(
                song.id(),
                song.contest(),
                song.client(),
                song.title(),
                song.artistName(),
                song.genre(),
                song.aiToolsUsed(),
                song.description(),
                song.licenseType(),
                song.externalLink(),
                song.filePath() == null
                        ? null
                        : "/api/v1/songs/%d/audio".formatted(song.id().value()),
                song.mediaType(),
                song.fileSize(),
                song.durationMs() == null ? null : song.durationMs() / 1000.0,
                song.status(),
                song.createdAt(),
                song.approvedAt());
    }

    /// The same with what its artist and its client's members are told as well.
    @Schema(name = "SongInside")
    record Inside(
            @JsonUnwrapped SongJson song,
            UserId artistId,
            @Nullable String fileHash,
            @Nullable String rejectionReason,
            Instant submittedAt,
            @Nullable Instant decidedAt,
            @Nullable Instant withdrawnAt,
            Instant rightsDeclaredAt) {

        static Inside of(Song song) {
            return new Inside(
                    SongJson.of(song),
                    song.artist(),
                    song.fileHash(),
                    song.rejectionReason(),
                    song.submittedAt(),
                    song.decidedAt(),
                    song.withdrawnAt(),
                    song.rightsDeclaredAt());
        }
    }
}
