package rocks.urvote.leaderboards;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

@ConfigurationProperties("urvote")
record LeaderboardSettings(@DefaultValue("2000") int streams) {}
