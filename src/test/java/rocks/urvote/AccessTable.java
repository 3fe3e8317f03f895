package rocks.urvote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// The table of who is answered what: `src/test/resources/access.txt`, which says itself how it is read.
record AccessTable(List<String> roles, List<Row> rows) {

    static final Path FILE = Path.of("src/test/resources/access.txt");

    private static final Pattern TARGET = Pattern.compile("\\{(\\*?\\w+)=[\\w-]+}");

    AccessTable {
        roles = List.copyOf(roles);
        rows = List.copyOf(rows);
    }

    /// One request, and what each role is answered to it.
    record Row(String method, String path, List<String> answers, String body) {

        Row {
            answers = List.copyOf(answers);
        }

        /// The route it is about: its path with nothing but the names of the variables, and without a query.
        String route() {
            return method + " " + TARGET.matcher(path).replaceAll("{$1}").replaceAll("\\?.*", "");
        }

        Row answered(List<String> others) {
            return new Row(method, path, others, body);
        }

        /// The line of the table.
        String line() {
            var cells = new StringBuilder("%-10s %-62s".formatted(method, path));
            answers.forEach(answer -> cells.append(" %-11s".formatted(answer)));
            return cells.append(body.isEmpty() ? "" : "  " + body).toString().stripTrailing();
        }

        @Override
        public String toString() {
            return method + " " + path + (body.isEmpty() ? "" : " " + body);
        }
    }

    static AccessTable read() {
        try {
            var lines = Files.readAllLines(FILE).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
            var roles = List.of(lines.getFirst().strip().split("\\s+", 0));
            return new AccessTable(
                    roles,
                    lines.stream().skip(1).map(line -> row(line, roles.size())).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String line, int roles) {
        var words = line.strip().split("\\s+", roles + 3);
        if (words.length < roles + 2) {
            throw new IllegalArgumentException(
                    "%s: this line must have a method, a path and %d answers: %s".formatted(FILE, roles, line));
        }
        return new Row(
                words[0],
                words[1],
                Arrays.asList(words).subList(2, roles + 2),
                words.length > roles + 2 ? words[roles + 2] : "");
    }
}
