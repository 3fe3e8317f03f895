package rocks.urvote.contests;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import rocks.urvote.clients.Naming;
import rocks.urvote.web.Checks;

/// A listing of contests from elsewhere: each row with its place, and what is wrong with the others.
record Listing(List<Row> rows, List<String> complaints) {

    static final List<String> COLUMNS = List.of("client_name", "contest_name", "is_active");

    /// `place` is what a person finds the row by: `line 3`.
    record Row(String place, String client, String contest, boolean active) {}

    Listing {
        rows = List.copyOf(rows);
        complaints = List.copyOf(complaints);
    }

    /// Reads a file with a header: CSV with commas, semicolons or tabs, or a table as `psql` prints it.
    static Listing parse(String text) {
        var whole = text.startsWith("\uFEFF") ? text.substring(1) : text;
        var header = whole.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
        return header.contains("|") ? table(whole) : csv(whole, delimiter(header));
    }

    private static char delimiter(String header) {
        if (header.indexOf('\t') >= 0) {
            return '\t';
        }
        return header.indexOf(';') >= 0 ? ';' : ',';
    }

    private static Listing csv(String text, char delimiter) {
        var format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreSurroundingSpaces(true)
                .setIgnoreEmptyLines(false)
                .get();
        var reading = new Reading();
        try (var parser = format.parse(new StringReader(text))) {
            long line = 1;
            for (CSVRecord record : parser) {
                reading.take(line, record.toList());
                line = parser.getCurrentLineNumber() + 1;
            }
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            reading.complaints.add("the file is no well-formed CSV: " + e.getMessage());
        }
        return reading.listing();
    }

    /// Without the line below the header and the number of rows at the end.
    private static Listing table(String text) {
        var reading = new Reading();
        long number = 0;
        for (var line : text.lines().toList()) {
            number++;
            if (!line.isBlank() && !line.matches("[-+\\s]+") && !line.matches("\\s*\\(\\d+ rows?\\)\\s*")) {
                reading.take(
                        number,
                        List.of(line.split("\\|", -1)).stream()
                                .map(String::strip)
                                .toList());
            }
        }
        return reading.listing();
    }

    /// From a source that has no lines.
    static Listing of(List<List<String>> rows) {
        var reading = new Reading();
        reading.place = "row";
        reading.take(0, COLUMNS);
        long number = 0;
        for (var row : rows) {
            reading.take(++number, row);
        }
        return reading.listing();
    }

    /// Takes one record after the other, the header first.
    private static final class Reading {

        private final List<Row> rows = new ArrayList<>();
        private final List<String> complaints = new ArrayList<>();
        private final Map<String, Integer> columns = new TreeMap<>();
        private String place = "line";

        private Listing listing() {
            if (columns.isEmpty() && complaints.isEmpty()) {
                complaints.add("it is empty: the first line must name the columns " + String.join(", ", COLUMNS));
            }
            return new Listing(rows, complaints);
        }

        private void take(long number, List<String> values) {
            if (values.stream().allMatch(String::isBlank)) {
                return;
            }
            var at = "%s %d".formatted(place, number);
            if (columns.isEmpty()) {
                header(at, values);
            } else if (columns.keySet().containsAll(COLUMNS)) {
                row(at, values);
            }
        }

        private void header(String at, List<String> values) {
            for (int i = 0; i < values.size(); i++) {
                columns.put(values.get(i).strip().toLowerCase(Locale.ROOT), i);
            }
            for (var column : COLUMNS) {
                if (!columns.containsKey(column)) {
                    complaints.add("%s, column %s: is missing from the header".formatted(at, column));
                }
            }
        }

        private void row(String at, List<String> values) {
            var client = name(at, "client_name", values);
            var contest = name(at, "contest_name", values);
            var active = active(value("is_active", values));
            if (active.isEmpty()) {
                complaints.add("%s, column is_active: must be t or f".formatted(at));
            }
            if (client.isPresent() && contest.isPresent() && active.isPresent()) {
                rows.add(new Row(at, client.get(), contest.get(), active.get()));
            }
        }

        private String value(String column, List<String> values) {
            int index = columns.getOrDefault(column, Integer.MAX_VALUE);
            return index < values.size() ? values.get(index) : "";
        }

        private Optional<String> name(String at, String column, List<String> values) {
            var checks = Checks.start();
            var name = Naming.name(checks, value(column, values));
            checks.errors()
                    .forEach(error -> complaints.add("%s, column %s: %s".formatted(at, column, error.message())));
            return checks.errors().isEmpty() ? Optional.of(name) : Optional.empty();
        }

        private static Optional<Boolean> active(String word) {
            return switch (word.strip().toLowerCase(Locale.ROOT)) {
                case "t", "true", "yes", "y", "on", "1" -> Optional.of(true);
                case "f", "false", "no", "n", "off", "0" -> Optional.of(false);
                default -> Optional.empty();
            };
        }
    }
}
