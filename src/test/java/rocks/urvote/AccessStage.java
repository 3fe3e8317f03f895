package rocks.urvote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.contests.ContestId;
import rocks.urvote.songs.SongId;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.Multipart;
import rocks.urvote.testkit.RunningUrVote;
import rocks.urvote.testkit.Stage;

/// Two clients with their people. Client A has an open contest and a draft, songs in every state, and a vote: these are
/// what everybody asks about.
final class AccessStage {

    private static final String SOUND = "/audio/tone.wav";

    private final RunningUrVote urvote;
    private final Stage stage;
    private final JdbcClient database;
    private final Map<String, Api> people = new LinkedHashMap<>();
    private final Api admin;
    private final Api bystander;
    private final ContestId open;
    private final ContestId draft;
    private final ContestId hidden;
    private final ContestId busy;
    private final Map<String, SongId> songs;
    private final long vote;

    AccessStage(RunningUrVote urvote) {
        this.urvote = urvote;
        this.stage = new Stage(urvote);
        this.database = stage.database();
        this.admin = Api.admin(urvote, "admin");
        this.bystander = Api.signedIn(urvote, "bystander");
        succeed(admin.post("/api/v1/clients", """
            {"slug": "b", "name": "B"}
            """));
        people.put("visitor", Api.visitor(urvote));
        people.put("unverified", Api.unverified(urvote, "unverified"));
        people.put("voter", Api.signedIn(urvote, "voter"));
        people.put("artist", stage.artist());
        people.put("moderator", member("stage", "moderator", "moderator"));
        people.put("owner", stage.owner());
        people.put("B:moderator", member("b", "moderator", "b-moderator"));
        people.put("B:owner", member("b", "owner", "b-owner"));
        people.put("admin", admin);
        open = stage.contest();
        draft = stage.contest();
        hidden = stage.contest();
        busy = stage.contest(Stage.votesPerDay(1000));
        songs = Map.of(
                "approved", uploaded(),
                "pending", stage.pendingSong(open, "Pending"),
                "rejected", rejected(),
                "draft", stage.song(draft, "In a draft"));
        // The others have the same sound; of the same file there is one in a contest, so each has a checksum of its
        // own.
        database.sql("""
            update contest.songs s
               set external_link = null, file_path = a.file_path, file_size = a.file_size, media_type = a.media_type,
                   duration_ms = a.duration_ms, file_hash = lpad(s.id::text, 64, '0')
              from contest.songs a
             where a.id = :approved and s.id <> :approved
            """).param("approved", song("approved").value()).update();
        succeed(stage.owner().patch("/api/v1/contests/" + draft.value(), """
            {"is_active": false}
            """));
        succeed(stage.owner().patch("/api/v1/contests/" + hidden.value(), """
            {"settings": {"hide_counts": "until_closed"}}
            """));
        var cast = succeed(bystander.post(
                "/api/v1/songs/%d/votes".formatted(song("approved").value()), "{}"));
        vote = cast.json().path("vote_id").asLong();
    }

    private Api member(String slug, String role, String name) {
        var person = Api.signedIn(urvote, name);
        succeed(admin.put("/api/v1/clients/%s/members/%d".formatted(slug, person.user()), """
            {"role": "%s"}
            """.formatted(role)));
        return person;
    }

    private SongId uploaded() {
        try (var file = AccessStage.class.getResourceAsStream(SOUND)) {
            var upload = new Multipart()
                    .field("title", "Heard")
                    .field("artist_name", "Ann Onym")
                    .field("ai_tools_used", "none")
                    .field("license_type", "cc0")
                    .field("rights_declared", "true")
                    .file("file", "tone.wav", Objects.requireNonNull(file).readAllBytes());
            var path = "/api/v1/contests/%d/songs".formatted(open.value());
            var id = succeed(person("artist").send("POST", path, upload))
                    .json()
                    .path("id")
                    .asLong();
            succeed(admin.post("/api/v1/songs/%d/approval".formatted(id)));
            return new SongId(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SongId rejected() {
        var song = stage.pendingSong(open, Stage.unique("Rejected "));
        succeed(admin.post("/api/v1/songs/%d/rejection".formatted(song.value()), """
            {"reason": "Too quiet"}
            """));
        return song;
    }

    private static Api.Answer succeed(Api.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isLessThan(300);
        return answer;
    }

    List<String> roles() {
        return List.copyOf(people.keySet());
    }

    Api person(String role) {
        return Objects.requireNonNull(people.get(role), role);
    }

    /// The same person with a session of their own.
    Api anew(String role) {
        var person = person(role);
        return person.token().isEmpty() ? person : Api.signIn(urvote, person);
    }

    /// Somebody else who is the same to UrVote.
    Api another(String role) {
        var name = Stage.unique("another-");
        return switch (role) {
            case "visitor" -> person(role);
            case "unverified" -> Api.unverified(urvote, name);
            case "moderator" -> member("stage", "moderator", name);
            case "owner" -> member("stage", "owner", name);
            case "B:moderator" -> member("b", "moderator", name);
            case "B:owner" -> member("b", "owner", name);
            case "admin" -> Api.admin(urvote, name);
            default -> Api.signedIn(urvote, name);
        };
    }

    private SongId song(String which) {
        return Objects.requireNonNull(songs.get(which), which);
    }

    /// What a variable of a path stands for: `which` says which of them, and what begins with `new-` is made for this
    /// one request.
    String target(String variable, String which) {
        return switch (variable + "=" + which) {
            case "slug=" -> "stage";
            case "contest=", "contest=open", "id=" -> Long.toString(open.value());
            case "contest=draft", "id=draft" -> Long.toString(draft.value());
            case "contest=new-draft", "id=new-draft" -> Long.toString(newDraft().value());
            case "contest=hidden" -> Long.toString(hidden.value());
            case "song=" -> Long.toString(song("approved").value());
            case "song=new-approved" ->
                Long.toString(stage.song(open, Stage.unique("New ")).value());
            case "song=new-pending" ->
                Long.toString(stage.pendingSong(open, Stage.unique("New ")).value());
            case "song=new-rejected" -> Long.toString(rejected().value());
            case "song=new-voted" -> Long.toString(newVoted().value());
            case "vote=" -> Long.toString(vote);
            case "user=" -> Long.toString(bystander.user());
            case "user=member" -> Long.toString(newMember());
            case "session=" -> sessionOf(bystander);
            case "token=" -> "no-token-of-anybody";
            case "passkey=" -> "no-passkey-of-anybody";
            case "path=" -> "live";
            default -> {
                if (!variable.equals("song")) {
                    throw new IllegalArgumentException(
                            "The stage of AccessIT has no {%s=%s}".formatted(variable, which));
                }
                yield Long.toString(song(which).value());
            }
        };
    }

    /// Everyone who may vote for it has done so today.
    private SongId newVoted() {
        var song = stage.song(busy, Stage.unique("New "));
        people.values().stream()
                .filter(person -> person != person("visitor") && person != person("unverified"))
                .filter(person -> person != person("artist"))
                .forEach(person -> succeed(person.post("/api/v1/songs/%d/votes".formatted(song.value()), "{}")));
        return song;
    }

    /// Somebody besides those who ask.
    Api bystander() {
        return bystander;
    }

    /// As the first step of a change does it (expand): a column more, which nobody needs to know.
    void everyTableGrows() {
        for (var table : database.sql("""
            select format('%I.%I', n.nspname, c.relname)
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname in ('identity', 'media', 'contest') and c.relkind in ('r', 'p') and not c.relispartition
            """).query(String.class).list()) {
            database.sql("alter table %s add column if not exists of_the_next_release text default 'new'"
                            .formatted(table))
                    .update();
        }
    }

    private ContestId newDraft() {
        var made = stage.contest();
        database.sql("update contest.contests set is_active = false where id = :contest")
                .param("contest", made.value())
                .update();
        return made;
    }

    private long newMember() {
        database.sql("""
            insert into contest.client_members (client_id, user_id, role)
            select id, :user, 'moderator' from contest.clients where slug = 'stage'
                on conflict do nothing
            """).param("user", bystander.user()).update();
        return bystander.user();
    }

    private String sessionOf(Api person) {
        return database.sql("select id::text from identity.sessions where user_id = :user order by started_at limit 1")
                .param("user", person.user())
                .query(String.class)
                .single();
    }
}
