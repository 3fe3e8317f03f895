package rocks.urvote.votes;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import rocks.urvote.web.RateLimits.Limit;

@ConfigurationProperties("urvote")
record VoteSettings(
        @DefaultValue("120") int votesPerVoter,
        @DefaultValue("6000") int votesPerAddress,
        @DefaultValue("30") int withdrawalsPerVoter,
        @DefaultValue("1") int voteWriters,
        @DefaultValue("2000") int voteQueue,
        @DefaultValue("90") int privacyDays,
        @DefaultValue("4") int careHour,
        @Nullable Path geoip) {

    Limit ofVoter() {
        return new Limit("votes of a voter", votesPerVoter, Duration.ofMinutes(1));
    }

    Limit ofAddress() {
        return new Limit("votes of an address", votesPerAddress, Duration.ofMinutes(1));
    }

    Limit ofWithdrawals() {
        return new Limit("withdrawals of a voter", withdrawalsPerVoter, Duration.ofHours(1));
    }
}
