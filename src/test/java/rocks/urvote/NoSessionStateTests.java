package rocks.urvote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// A connection out of the pool goes from one person to the next. Nothing may stay on it that was read for the first.
/// Backups open connections of their own and close them.
class NoSessionStateTests {

    private static final Pattern STAYS = Pattern.compile("(?i)\\bwith"
            + " hold\\b|\\bcreate\\s+(local\\s+|global\\s+)?temp(orary)?\\b|set_config\\([^)]*,\\s*false\\s*\\)");

    @Test
    void nothingReadForOneStaysOnTheConnectionForTheNext() throws IOException {
        try (var files = Files.walk(Path.of("src/main"))) {
            for (var file : files.filter(file -> file.toString().matches(".*\\.(java|sql)"))
                    .filter(file -> !file.getParent().endsWith("operations/backups"))
                    .toList()) {
                assertThat(Files.readString(file)).as(file.toString()).doesNotContainPattern(STAYS);
            }
        }
    }
}
