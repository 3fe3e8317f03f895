package rocks.urvote.audit;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.Client;
import rocks.urvote.clients.Clients;
import rocks.urvote.identity.People;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Checks;

/// Understands what somebody types in order to find something in the log.
@Component
class LogSearch {

    private final People people;
    private final Clients clients;

    LogSearch(People people, Clients clients) {
        this.people = people;
        this.clients = clients;
    }

    /// As it was typed: `who` is a number, a user name or an address; `about` is `user 12`, `song 4` and so on;
    /// `client` a slug; `from` and `until` are days (UTC, both included) or instants (the second excluded).
    record Typed(
            @Nullable String who,
            @Nullable String fact,
            @Nullable String about,
            @Nullable String client,
            @Nullable String from,
            @Nullable String until) {

        Map<String, @Nullable String> values() {
            var values = new LinkedHashMap<String, @Nullable String>();
            values.put("who", who);
            values.put("fact", fact);
            values.put("about", about);
            values.put("client", client);
            values.put("from", from);
            values.put("until", until);
            values.values().removeIf(value -> value == null || value.isBlank());
            return values;
        }
    }

    LogFilter filter(Typed typed) {
        var checks = Checks.start();
        var who = checks.optionalLine("who", typed.who(), 254).flatMap(text -> who(checks, text));
        var fact = checks.optionalLine("fact", typed.fact(), 100);
        var about = checks.optionalLine("about", typed.about(), 50).flatMap(text -> about(checks, text));
        var client = checks.optionalLine("client", typed.client(), 100).flatMap(slug -> client(checks, slug));
        var from = instant(checks, "from", typed.from(), 0);
        var until = instant(checks, "until", typed.until(), 1);
        checks.orRaise();
        return new LogFilter(
                who.orElse(null),
                fact.orElse(null),
                about.orElse(null),
                client.orElse(null),
                from.orElse(null),
                until.orElse(null));
    }

    private Optional<UserId> who(Checks checks, String text) {
        if (text.matches("[1-9][0-9]{0,17}")) {
            return Optional.of(new UserId(Long.parseLong(text)));
        }
        var found = EmailAddress.parse(text)
                .flatMap(people::withEmail)
                .or(() -> people.named(text))
                .map(People.Person::id);
        if (found.isEmpty()) {
            checks.wrong("who", "must be the number, user name or address of an account");
        }
        return found;
    }

    private static Optional<LogFilter.Subject> about(Checks checks, String text) {
        var subject = LogFilter.Subject.parse(text);
        if (subject.isEmpty()) {
            checks.wrong("about", "must be user, client, contest, song or vote, and its number: song 12");
        }
        return subject;
    }

    private Optional<ClientId> client(Checks checks, String slug) {
        var client = clients.withSlug(slug).map(Client::id);
        if (client.isEmpty()) {
            checks.wrong("client", "must be the short name of a client");
        }
        return client;
    }

    private static Optional<Instant> instant(Checks checks, String field, @Nullable String text, int dayLater) {
        var line = Objects.requireNonNullElse(text, "").strip();
        if (line.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
            return checks.optionalInstant(field, line + "T00:00:00Z")
                    .map(start -> LocalDate.ofInstant(start, ZoneOffset.UTC)
                            .plusDays(dayLater)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant());
        }
        return checks.optionalInstant(field, line);
    }
}
