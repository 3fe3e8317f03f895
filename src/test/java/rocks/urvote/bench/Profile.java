package rocks.urvote.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/// Where time goes: in UrVote by what the samples of JFR have on their stacks, in PostgreSQL by perf's symbols.
final class Profile {

    /// The first that is found on a stack, from the top, names the sample.
    private static final Map<String, String> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("rocks.urvote.votes.BallotBatch", "the batch: arrays, driver, rulings");
        PARTS.put("rocks.urvote.votes.BallotWriter", "the writer's queue and hand-over");
        PARTS.put("rocks.urvote.votes", "the vote's way to the box and back");
        PARTS.put("rocks.urvote.web.Gatekeeper", "gatekeeper");
        PARTS.put("rocks.urvote.web.SignInFilter", "who it is: token, cookies, CSRF");
        PARTS.put("org.springframework.security.oauth2", "verification of tokens not seen before");
        PARTS.put("com.nimbusds", "verification of tokens not seen before");
        PARTS.put("org.springframework.security", "Spring Security: chain and headers");
        PARTS.put("io.micrometer", "observation of requests");
        PARTS.put("org.springframework", "other filters of Spring");
        PARTS.put("org.apache", "Tomcat: parsing, writing, polling");
        PARTS.put("java.lang.VirtualThread", "virtual threads");
        PARTS.put("java.util.concurrent", "virtual threads");
    }

    private Profile() {}

    static List<String> of(Path recording) throws IOException {
        var parts = new HashMap<String, Long>();
        var methods = new HashMap<String, Long>();
        long all = 0;
        try (var file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                var event = file.readEvent();
                var name = event.getEventType().getName();
                if (name.equals("jdk.ExecutionSample") && event.getStackTrace() != null) {
                    all++;
                    parts.merge(part(event), 1L, Long::sum);
                    methods.merge(method(event.getStackTrace().getFrames().getFirst()), 1L, Long::sum);
                }
            }
        }
        var lines = new ArrayList<String>();
        lines.add("By part of UrVote (samples of Java code; what the kernel does for it is not in them):");
        lines.addAll(top(parts, all, 12));
        lines.add("By method:");
        lines.addAll(top(methods, all, 15));
        return lines;
    }

    private static List<String> top(Map<String, Long> counts, long all, int most) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(most)
                .map(entry -> "%5.1f %%  %s".formatted(100.0 * entry.getValue() / Math.max(1, all), entry.getKey()))
                .toList();
    }

    private static String part(RecordedEvent event) {
        for (var frame : event.getStackTrace().getFrames()) {
            var type = frame.getMethod().getType().getName();
            for (var part : PARTS.entrySet()) {
                if (type.startsWith(part.getKey())) {
                    return part.getValue();
                }
            }
        }
        return "elsewhere";
    }

    private static String method(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    /// The symbols of PostgreSQL's processes, and of the kernel on their behalf, by their share.
    static List<String> perf(List<Long> pids, int seconds, Path data) throws IOException, InterruptedException {
        var ids = pids.stream().map(Object::toString).collect(Collectors.joining(","));
        call(List.of("perf", "record", "-q", "-p", ids, "-o", data.toString(), "--", "sleep", "" + seconds));
        var lines = new ArrayList<String>();
        for (var sort : List.of("dso", "symbol")) {
            lines.add("By " + sort + ":");
            call(List.of("perf", "report", "-i", data.toString(), "--no-children", "--sort", sort))
                    .lines()
                    .filter(line -> line.matches("\\s+[0-9.]+%.*"))
                    .limit(sort.equals("dso") ? 4 : 25)
                    .map(line -> line.replaceAll("\\s+-\\s+-\\s*$", ""))
                    .forEach(lines::add);
        }
        return lines;
    }

    static String call(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
