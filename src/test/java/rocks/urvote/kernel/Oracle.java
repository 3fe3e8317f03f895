package rocks.urvote.kernel;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Who may see, change and remove which row: out of the rules of the game, in Java, over all rows as a superuser saw
/// them. It knows nothing of the policies.
final class Oracle {

    private record Question(Identity identity, String table, String what) {}

    private final AttackStage stage;
    private final Map<Object, Map<String, Object>> contests = new HashMap<>();
    private final Set<List<Object>> members;
    private final Map<Question, Set<String>> answers = new ConcurrentHashMap<>();

    Oracle(AttackStage stage) {
        this.stage = stage;
        stage.rows("contest.contests").forEach(row -> contests.put(of(row, "id"), row));
        this.members = stage.rows("contest.client_members").stream()
                .map(row -> List.of(of(row, "client_id"), of(row, "user_id")))
                .collect(toUnmodifiableSet());
    }

    /// The keys of the rows this one may see.
    Set<String> seen(Identity who, Table table) {
        return keys(who, table, "sees", row -> sees(who, table, row));
    }

    /// The texts by which they can be told.
    Set<String> markers(Identity who, Table table) {
        return answers.computeIfAbsent(
                new Question(who, table.name(), "markers"),
                _ -> stage.rows(table).stream()
                        .filter(row -> row.get("marker") != null && sees(who, table, row))
                        .map(row -> of(row, "marker").toString())
                        .collect(toUnmodifiableSet()));
    }

    Set<String> changed(Identity who, Table table) {
        return keys(who, table, "changes", row -> sees(who, table, row) && changes(who, table, row));
    }

    Set<String> removed(Identity who, Table table) {
        return keys(who, table, "removes", row -> sees(who, table, row) && removes(who, table, row));
    }

    /// Those they may find, but not leave as they are: an artist's own approved songs.
    Set<String> untouchable(Identity who, Table table) {
        return keys(
                who,
                table,
                "breaks",
                row -> table.name().equals("contest.songs")
                        && changes(who, table, row)
                        && !decides(who, row)
                        && !who.is("chore")
                        && of(row, "is_approved").equals(true)
                        && row.get("withdrawn_at") == null);
    }

    private Set<String> keys(Identity who, Table table, String what, Predicate<Map<String, Object>> may) {
        return answers.computeIfAbsent(
                new Question(who, table.name(), what),
                _ -> stage.rows(table).stream()
                        .filter(may)
                        .map(row -> of(row, "key").toString())
                        .collect(toUnmodifiableSet()));
    }

    private boolean sees(Identity who, Table table, Map<String, Object> row) {
        return switch (table.name()) {
            case "contest.clients" -> true;
            case "contest.client_members" ->
                who.isUser(of(row, "user_id"))
                        || who.is("admin", "lookup", "chore")
                        || who.actsFor(of(row, "client_id"), "member", "owner");
            case "contest.contests" -> seesContest(who, row);
            case "contest.songs" ->
                who.is("admin", "lookup", "ballot_box", "chore")
                        || who.isUser(of(row, "artist_id"))
                        || who.actsFor(of(row, "client_id"), "member", "owner")
                        || (of(row, "status").equals("approved") && seesContest(who, contest(row)));
            case "contest.votes" ->
                who.is("admin", "lookup", "chore", "ballot_box")
                        || (who.is("user") && who.isUser(of(row, "voter_id")))
                        || who.actsFor(of(contest(row), "client_id"), "member", "owner");
            case "contest.ballots" ->
                who.is("ballot_box", "chore") || (who.is("user") && who.isUser(of(row, "voter_id")));
            case "contest.song_tallies" -> who.is("ballot_box", "admin", "lookup", "chore");
            case "contest.vote_answers" -> who.is("ballot_box", "chore");
            case "contest.vote_refusals" ->
                who.is("ballot_box", "chore", "admin") || who.actsFor(of(contest(row), "client_id"), "member", "owner");
            case "contest.archived_tallies" -> who.is("admin", "lookup", "chore");
            case "contest.audit_log", "identity.audit_log" ->
                who.is("admin", "chore")
                        || (who.is("user") && row.get("actor_id") != null && who.isUser(of(row, "actor_id")));
            case "identity.erasures" -> who.is("sign_in", "chore");
            case "identity.users" -> who.isUser(of(row, "id")) || who.is("admin", "sign_in", "lookup", "chore");
            case "identity.sessions",
                    "identity.totp_secrets",
                    "identity.recovery_codes",
                    "identity.passkeys",
                    "identity.second_steps" -> who.isUser(of(row, "user_id")) || who.is("admin", "sign_in", "chore");
            case "identity.sign_in_codes", "identity.password_resets", "identity.refresh_tokens" ->
                who.is("sign_in", "chore");
            case "media.files" -> who.isUser(of(row, "uploaded_by")) || who.is("admin", "lookup", "chore");
            default -> throw new IllegalArgumentException(table.name());
        };
    }

    private boolean seesContest(Identity who, Map<String, Object> contest) {
        var client = of(contest, "client_id");
        return of(contest, "is_active").equals(true)
                || who.is("admin", "lookup", "ballot_box", "chore")
                || who.actsFor(client, "member", "owner")
                || (who.is("user") && who.user() != null && members.contains(List.of(client, who.user())));
    }

    private boolean changes(Identity who, Table table, Map<String, Object> row) {
        return switch (table.name()) {
            case "contest.clients" -> who.is("admin") || who.actsFor(of(row, "id"), "owner");
            case "contest.client_members", "contest.contests" -> owns(who, row);
            case "contest.songs" ->
                decides(who, row) || who.is("chore") || (who.is("user") && who.isUser(of(row, "artist_id")));
            case "contest.votes" -> who.is("ballot_box", "chore");
            case "contest.ballots", "contest.song_tallies" -> who.is("ballot_box");
            case "contest.vote_answers", "contest.vote_refusals" -> who.is("ballot_box", "chore");
            case "identity.users" -> who.isUser(of(row, "id")) || who.is("admin", "sign_in", "chore");
            case "identity.sessions",
                    "identity.totp_secrets",
                    "identity.recovery_codes",
                    "identity.passkeys",
                    "identity.second_steps" -> who.isUser(of(row, "user_id")) || who.is("admin", "sign_in", "chore");
            case "identity.sign_in_codes", "identity.password_resets", "identity.refresh_tokens" ->
                who.is("sign_in", "chore");
            default -> false;
        };
    }

    private boolean removes(Identity who, Table table, Map<String, Object> row) {
        return switch (table.name()) {
            case "contest.client_members" -> owns(who, row) || who.is("chore");
            case "contest.vote_answers" -> who.is("ballot_box", "chore");
            case "identity.sign_in_codes", "identity.password_resets", "identity.refresh_tokens" ->
                who.is("sign_in", "chore");
            case "identity.totp_secrets", "identity.recovery_codes", "identity.passkeys", "identity.second_steps" ->
                who.isUser(of(row, "user_id")) || who.is("admin", "sign_in", "chore");
            case "media.files", "identity.sessions" -> who.is("chore");
            case "identity.erasures" -> who.is("sign_in", "chore");
            default -> false;
        };
    }

    private static boolean decides(Identity who, Map<String, Object> song) {
        return who.is("admin") || who.actsFor(of(song, "client_id"), "member", "owner");
    }

    private static boolean owns(Identity who, Map<String, Object> row) {
        return who.is("admin") || who.actsFor(of(row, "client_id"), "owner");
    }

    /// Whether a new song for this contest by this artist may come from here.
    boolean entersSong(Identity who, long contest, long artist) {
        var there = Objects.requireNonNull(contests.get(contest));
        return who.is("admin") || (who.is("user") && who.isUser(artist) && seesContest(who, there));
    }

    long clientOf(long contest) {
        return (Long) of(Objects.requireNonNull(contests.get(contest)), "client_id");
    }

    private Map<String, Object> contest(Map<String, Object> row) {
        return Objects.requireNonNull(contests.get(of(row, "contest_id")));
    }

    private static Object of(Map<String, Object> row, String column) {
        return Objects.requireNonNull(row.get(column), column);
    }
}
