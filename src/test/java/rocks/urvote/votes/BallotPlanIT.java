package rocks.urvote.votes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// How PostgreSQL means to find what a batch is about: before it has any statistics, as on the first evening of a
/// contest, and where it knows that tables are empty, as on the morning after everything old was removed. (To an empty
/// table of songs
/// all indexes of ids are one; the first fifty songs give it better statistics.)
class BallotPlanIT {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void looksUpSongsAndAnswersByTheirKeysAlone(boolean withStatistics) throws SQLException {
        try (var urvote = RunningUrVote.start()) {
            var stage = new Stage(urvote);
            if (withStatistics) {
                stage.database().sql("vacuum (analyze)").update();
            }

            var plan = planOfABatch(stage);

            assertThat(plan)
                    .filteredOn(line -> line.contains(" on songs"))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("using songs_pkey")
                            || (withStatistics && line.contains("using a_song_stays_in_its_contest")));
            assertThat(plan)
                    .filteredOn(line -> line.contains("Scan") && line.contains(" on vote_answers"))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("using vote_answers_pkey"));
        }
    }

    private static List<String> planOfABatch(Stage stage) throws SQLException {
        var parameters = new AtomicInteger();
        var batch = Pattern.compile("\\?")
                .matcher(BallotBatch.CAST.replaceAll("--.*", ""))
                .replaceAll(_ -> "\\$" + parameters.incrementAndGet());
        try (var connection = stage.connection();
                var statement = connection.createStatement()) {
            statement.execute("set role urvote_user");
            for (var option : BallotConnection.OPTIONS.split(" ", -1)) {
                if (option.contains("=")) {
                    var setting = option.split("=", 2);
                    statement.execute("set %s = '%s'".formatted(setting[0], setting[1]));
                }
            }
            statement.execute("prepare batch as " + batch);
            var nulls = String.join(", ", Collections.nCopies(parameters.get(), "null"));
            var plan = new ArrayList<String>();
            try (var lines = statement.executeQuery("explain execute batch(%s)".formatted(nulls))) {
                while (lines.next()) {
                    plan.add(lines.getString(1));
                }
            }
            return plan;
        }
    }
}
