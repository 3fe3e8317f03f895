package rocks.urvote.identity;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Holding;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.RateLimits;
import rocks.urvote.web.RateLimits.Limit;

/// Writes down all that is held about somebody, part by part. A few hundred rows are in memory at a time, and no
/// transaction waits for a slow reader.
@Component
class ExportMyself {

    private static final Limit LIMIT = new Limit("exports", 5, Duration.ofHours(1));

    private final Transactions transactions;
    private final JdbcClient db;
    private final ObjectProvider<Holding> holdings;
    private final RateLimits limits;
    private final Clock clock;

    ExportMyself(
            Transactions transactions,
            JdbcClient db,
            ObjectProvider<Holding> holdings,
            RateLimits limits,
            Clock clock) {
        this.transactions = transactions;
        this.db = db;
        this.holdings = holdings;
        this.limits = limits;
        this.clock = clock;
    }

    /// Before the first byte: it is much work, so it is not to be had all the time.
    void begin(UserId person) {
        limits.orRaise(LIMIT, person);
    }

    void write(UserId person, OutputStream out) throws IOException {
        var text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        text.write("{\"exported_at\": \"%s\"".formatted(clock.instant().truncatedTo(ChronoUnit.SECONDS)));
        for (var holding : holdings.orderedStream().toList()) {
            for (var part : holding.parts()) {
                text.write(",\n\"%s\": [".formatted(part.name()));
                write(person, part, text);
                text.write("]");
            }
        }
        text.write("}\n");
        text.flush();
    }

    private void write(UserId person, Holding.Part part, Writer text) throws IOException {
        var separator = "\n  ";
        var after = "";
        while (true) {
            var rows = part.rows(transactions, db, person, after);
            for (var row : rows) {
                text.write(separator);
                text.write(row.json());
                separator = ",\n  ";
            }
            if (rows.size() < Holding.Part.ROWS) {
                return;
            }
            after = rows.getLast().key();
        }
    }
}
