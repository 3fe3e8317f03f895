package rocks.urvote.contests;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The rules a contest's owner sets.
public record ContestSettings(
        ZoneId timeZone,
        int votesPerDay,
        int votesPerSongPerDay,
        Set<String> allowedCountries,
        Set<String> blockedCountries,
        HideCounts hideCounts,
        Captcha captcha,
        int listenBeforeVoteSeconds,
        int maxUploadMb,
        @Nullable Instant submissionsOpen,
        @Nullable Instant submissionsClose) {

    public enum HideCounts {
        NEVER,
        UNTIL_VOTED,
        UNTIL_CLOSED
    }

    public enum Captcha {
        OFF,
        AUTO,
        ALWAYS
    }

    public ContestSettings {
        allowedCountries = Collections.unmodifiableSet(new TreeSet<>(allowedCountries));
        blockedCountries = Collections.unmodifiableSet(new TreeSet<>(blockedCountries));
    }

    public static final ContestSettings DEFAULT = new ContestSettings(
            ZoneId.of("UTC"), 10, 1, Set.of(), Set.of(), HideCounts.NEVER, Captcha.AUTO, 0, 50, null, null);
}
