package rocks.urvote.audit;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Refuses;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

/// What was written down, for admins.
@RestController
class AuditEndpoints {

    private final Log log;
    private final LogSearch search;
    private final ExportLog exportLog;
    private final Transactions transactions;
    private final Clock clock;

    AuditEndpoints(Log log, LogSearch search, ExportLog exportLog, Transactions transactions, Clock clock) {
        this.log = log;
        this.search = search;
        this.exportLog = exportLog;
        this.transactions = transactions;
        this.clock = clock;
    }

    @GetMapping("/api/v1/admin/audit")
    @Refuses({"403 forbidden"})
    Slice<LogEntry> auditLog(
            Caller caller,
            @RequestParam(name = "who", required = false) @Nullable String who,
            @RequestParam(name = "fact", required = false) @Nullable String fact,
            @RequestParam(name = "about", required = false) @Nullable String about,
            @RequestParam(name = "client", required = false) @Nullable String client,
            @RequestParam(name = "from", required = false) @Nullable String from,
            @RequestParam(name = "until", required = false) @Nullable String until,
            Window window) {
        caller.mustBeAdmin();
        var filter = search.filter(new LogSearch.Typed(who, fact, about, client, from, until));
        var after = Log.Place.of(window).orElse(null);
        var lines = transactions.as(caller.acting(), () -> log.named(log.read(filter, after, window.rows())));
        return Slice.of(lines, window, Log.Place::of);
    }

    /// For the page and for programs: everything that is wanted, as a file. An address of its own, as the API answers
    /// in JSON only.
    @GetMapping("/admin/audit/export")
    void export(
            Caller caller,
            @RequestParam(name = "format", required = false) @Nullable String format,
            @RequestParam(name = "who", required = false) @Nullable String who,
            @RequestParam(name = "fact", required = false) @Nullable String fact,
            @RequestParam(name = "about", required = false) @Nullable String about,
            @RequestParam(name = "client", required = false) @Nullable String client,
            @RequestParam(name = "from", required = false) @Nullable String from,
            @RequestParam(name = "until", required = false) @Nullable String until,
            HttpServletResponse response)
            throws IOException {
        caller.mustBeAdmin();
        var checks = Checks.start();
        var wanted = format == null
                ? Optional.of(ExportLog.Format.CSV)
                : checks.oneOf("format", format, ExportLog.Format.class);
        checks.orRaise();
        var typed = new LogSearch.Typed(who, fact, about, client, from, until);
        var filter = search.filter(typed);
        var kind = wanted.orElseThrow();
        response.setContentType(kind.type());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                "attachment; filename=\"urvote-audit-%s.%s\""
                        .formatted(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC), kind.ending()));
        exportLog.write(caller, typed, filter, kind, response.getOutputStream());
    }
}
