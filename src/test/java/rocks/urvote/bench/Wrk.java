package rocks.urvote.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// One run of wrk, which sends as fast as answers come on so many connections; one thread, as it shares the machine
/// with what it measures.
record Wrk(int connections, int seconds, Path script, String address, List<String> arguments) {

    private static final Pattern RESULT = Pattern.compile("RESULT (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)");

    /// `p50` and `p99` in ms, `refused` answers of 400 and more, `broken` connections.
    record Outcome(long requests, double p50, double p99, long refused, long broken, double seconds) {}

    Outcome run() throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                "wrk",
                "-t1",
                "-c" + connections,
                "-d" + seconds + "s",
                "--timeout",
                "10s",
                "-s",
                script.toString(),
                address,
                "--"));
        command.addAll(arguments);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        var result = RESULT.matcher(output);
        if (!result.find()) {
            throw new IllegalStateException("wrk said: " + output);
        }
        return new Outcome(
                Long.parseLong(result.group(1)),
                Long.parseLong(result.group(3)) / 1e3,
                Long.parseLong(result.group(4)) / 1e3,
                Long.parseLong(result.group(5)),
                Long.parseLong(result.group(6)),
                Long.parseLong(result.group(2)) / 1e6);
    }
}
