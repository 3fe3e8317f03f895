package rocks.urvote.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import tools.jackson.databind.json.JsonMapper;

/// Writes what is wanted of the log, however much it is: read a thousand lines at a time, none of them twice. To take
/// something along is an act of its own, and stands in the log.
@Component
class ExportLog {

    private static final int AT_A_TIME = 1_000;

    private static final CSVFormat CSV = CSVFormat.RFC4180
            .builder()
            .setHeader(
                    "happened_at",
                    "service",
                    "id",
                    "fact",
                    "actor_role",
                    "actor_id",
                    "actor",
                    "client_id",
                    "client",
                    "changes",
                    "reason",
                    "detail")
            .get();

    private final Log log;
    private final Transactions transactions;
    private final JsonMapper json;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    ExportLog(Log log, Transactions transactions, JsonMapper json, ApplicationEventPublisher facts, Clock clock) {
        this.log = log;
        this.transactions = transactions;
        this.json = json;
        this.facts = facts;
        this.clock = clock;
    }

    enum Format {
        CSV("text/csv;charset=UTF-8"),
        JSONL("application/jsonl");

        private final String type;

        Format(String type) {
            this.type = type;
        }

        String type() {
            return type;
        }

        String ending() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    void write(Caller caller, LogSearch.Typed typed, LogFilter filter, Format format, OutputStream out)
            throws IOException {
        var asked = new HashMap<String, String>();
        typed.values().forEach((name, value) -> asked.put(name, Objects.requireNonNullElse(value, "")));
        transactions.as(
                caller.acting(), () -> facts.publishEvent(new LogExported(format.ending(), asked, clock.instant())));
        var writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        switch (format) {
            case CSV -> csv(caller, filter, writer);
            case JSONL -> each(caller, filter, entry -> writer.write(json.writeValueAsString(entry) + "\n"));
        }
        writer.flush();
    }

    private void csv(Caller caller, LogFilter filter, Writer writer) throws IOException {
        var printer = CSV.print(writer);
        each(
                caller,
                filter,
                entry -> printer.printRecord(
                        entry.happenedAt(),
                        entry.service(),
                        entry.id(),
                        cell(entry.fact()),
                        cell(entry.actorRole()),
                        entry.actorId() == null ? "" : entry.actorId().value(),
                        cell(entry.actor()),
                        entry.clientId() == null ? "" : entry.clientId().value(),
                        cell(entry.client()),
                        cell(Changes.text(entry.changes())),
                        cell(entry.reason()),
                        cell(json.writeValueAsString(entry.detail()))));
        printer.flush();
    }

    /// Text that a spreadsheet would take for a formula begins with an apostrophe.
    static String cell(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return "";
        }
        return "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0 || text.startsWith("\uFF1D") ? "'" + text : text;
    }

    private interface Line {
        void write(LogEntry entry) throws IOException;
    }

    private void each(Caller caller, LogFilter filter, Line line) throws IOException {
        Log.@Nullable Place after = null;
        while (true) {
            var from = after;
            var entries = transactions.as(caller.acting(), () -> log.named(log.read(filter, from, AT_A_TIME)));
            for (var entry : entries) {
                line.write(entry);
            }
            if (entries.size() < AT_A_TIME) {
                return;
            }
            after = Log.Place.of(entries.getLast());
        }
    }
}
