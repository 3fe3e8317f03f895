package rocks.urvote.identity;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import rocks.urvote.operations.Inspection.Finding;
import rocks.urvote.operations.Outfit;

/// Whether mails wait, or were given up, by what the UrVote that serves on this machine says of itself: only it knows,
/// as they are in nobody's database.
final class MailsOutfit implements Outfit {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Pattern WAITING = metric("urvote_mails_waiting");
    private static final Pattern RETRYING = metric("urvote_mails_retrying");
    private static final Pattern GIVEN_UP = metric("urvote_mails_total\\{[^}]*outcome=\"given_up\"[^}]*}");

    private static Pattern metric(String name) {
        return Pattern.compile("^" + name + " ([0-9.E]+)$", Pattern.MULTILINE);
    }

    @Override
    public Finding look(Map<String, Object> settings) {
        var port = String.valueOf(settings.get("urvote.management-port"));
        var metrics = metrics(port);
        var waiting = number(WAITING, metrics);
        if (waiting.isEmpty()) {
            return Finding.fine("mails: no UrVote tells of any at port %s of this machine".formatted(port));
        }
        long retrying = number(RETRYING, metrics).orElse(0);
        long givenUp = number(GIVEN_UP, metrics).orElse(0);
        if (retrying == 0 && givenUp == 0) {
            return Finding.fine("mails: %d wait, none was given up since the start".formatted(waiting.getAsLong()));
        }
        return Finding.doubtful(
                "mails: %d wait, %d of them failed and are tried again; %d were given up since the start; /admin/mails shows why and sends them"
                        .formatted(waiting.getAsLong(), retrying, givenUp));
    }

    private static String metrics(String port) {
        try (var http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            var ask = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%s/metrics".formatted(port)))
                    .timeout(PATIENCE)
                    .build();
            return http.send(ask, BodyHandlers.ofString()).body();
        } catch (IOException | IllegalArgumentException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static OptionalLong number(Pattern metric, String metrics) {
        var found = metric.matcher(metrics);
        return found.find() ? OptionalLong.of((long) Double.parseDouble(found.group(1))) : OptionalLong.empty();
    }
}
