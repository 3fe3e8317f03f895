package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.testkit.RunningUrVote;

class ServingIT {

    private static RunningUrVote urvote;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        urvote = RunningUrVote.start();
    }

    @AfterAll
    static void stop() {
        urvote.close();
    }

    @Test
    void tellsThatItLivesAndIsReady() throws Exception {
        assertThat(get(urvote.management(), "/health/live").body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(get(urvote.management(), "/health/ready").body()).isEqualTo("{\"status\":\"UP\"}");
    }

    @Test
    void tellsItsMetricsToPrometheus() throws Exception {
        assertThat(get(urvote.management(), "/metrics").body())
                .contains("hikaricp_connections_max{pool=\"urvote\"} 10.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/env", "/beans", "/info", "/prometheus", "/health/db", "/actuator", "/health/liveness"})
    void tellsNothingElseOfTheInside(String path) throws Exception {
        assertThat(get(urvote.management(), path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/live", "/health/ready", "/health", "/metrics", "/actuator"})
    void tellsThePublicNothingOfTheInside(String path) throws Exception {
        assertThat(get(urvote.address(), path).statusCode()).isEqualTo(404);
    }

    @Test
    void asksTheDatabaseAsOneWhoOwnsNothing() {
        var db = JdbcClient.create(urvote.bean(DataSource.class));

        assertThat(db.sql("select current_user").query(String.class).single()).isEqualTo("urvote_user");
        assertThat(db.sql("show application_name").query(String.class).single()).isEqualTo("urvote");
        assertThat(db.sql("show search_path").query(String.class).single()).isEqualTo(Migrations.SEARCH_PATH);
    }

    private HttpResponse<String> get(URI address, String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString());
    }
}
