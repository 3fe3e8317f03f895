package rocks.urvote.songs;

import jakarta.servlet.http.HttpServletRequest;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.clients.Client;
import rocks.urvote.clients.Clients;
import rocks.urvote.clients.Members;
import rocks.urvote.contests.Contest;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.ContestSettings;
import rocks.urvote.contests.Contests;
import rocks.urvote.kernel.Acting.Role;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.songs.Song.Status;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Form;
import rocks.urvote.web.Page;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;

@RestController
class SongPages {

    /// What only the page's form has: where the song comes from.
    private static final Set<String> OURS = Set.of("source", "_csrf");

    private final StoredSongs songs;
    private final SubmitSong submitSong;
    private final DecideSong decideSong;
    private final SongForm form;
    private final Contests contests;
    private final Clients clients;
    private final Members members;
    private final Transactions transactions;

    SongPages(
            StoredSongs songs,
            SubmitSong submitSong,
            DecideSong decideSong,
            SongForm form,
            Contests contests,
            Clients clients,
            Members members,
            Transactions transactions) {
        this.songs = songs;
        this.submitSong = submitSong;
        this.decideSong = decideSong;
        this.form = form;
        this.contests = contests;
        this.clients = clients;
        this.members = members;
        this.transactions = transactions;
    }

    /// The form of a new song, or a word on why there is none: `entriesLeft` is zero, the address is not verified, or
    /// the contest takes no songs.
    public record Submit(Contest contest, Client client, Form form, int entriesLeft, boolean verified)
            implements Page {}

    @GetMapping("/contests/{contest}/submit")
    Submit submit(@PathVariable ContestId contest, Caller caller) {
        return submit(
                caller, contest, new Form(Map.of("source", "file", "license_type", "stream_only"), List.of(), null));
    }

    private Submit submit(Caller caller, ContestId id, Form filled) {
        var contest = contests.seenBy(Optional.of(caller), id);
        int left = contest.maxEntriesPerUser() - submitSong.entries(caller, id);
        return new Submit(contest, client(contest.client()), filled, Math.max(0, left), submitSong.verified(caller));
    }

    @PostMapping(path = "/contests/{contest}/submit", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<Page> submit(@PathVariable ContestId contest, Caller caller, HttpServletRequest request) {
        var typed = new HashMap<String, String>();
        try {
            var wanted = submitSong.admit(caller, contest);
            var song = form.read(
                    request,
                    caller.user(),
                    wanted.settings().maxUploadMb(),
                    OURS,
                    filled -> submitSong
                            .submit(caller, contest, draft(filled, typed, false), filled.file())
                            .orRaise());
            return Page.redirect(
                    "/songs/" + song.id().value(),
                    "“%s” is in. A moderator listens to it before others can.".formatted(song.title()));
        } catch (Problem.Raised e) {
            return again(e, typed, form -> submit(caller, contest, form));
        }
    }

    /// Everything that is wrong with what a person sent, at once: of the file and of the fields.
    private static Draft draft(SongForm.Filled filled, Map<String, String> typed, boolean hasFile) {
        typed.putAll(filled.fields());
        var fields = new HashMap<>(filled.fields());
        if ("file".equals(fields.get("source"))) {
            fields.remove("external_link");
        }
        var checks = filled.checks();
        if (filled.refusal() != null) {
            var words = filled.refusal().detail();
            checks.wrong(
                    "file",
                    "cannot be taken: %s%s"
                            .formatted(
                                    words.substring(0, 1).toLowerCase(Locale.ROOT),
                                    words.substring(1, words.length() - 1)));
        }
        var draft = Draft.of(fields, checks);
        var all = Checks.start();
        draft.checked(all, hasFile || filled.file() != null || filled.refusal() != null);
        all.errors().stream()
                .filter(error -> checks.errors().stream()
                        .noneMatch(known -> known.field().equals(error.field())))
                .toList()
                .forEach(error -> checks.wrong(error.field(), error.message()));
        checks.orRaise();
        return draft;
    }

    /// The form again, with the values kept and each message at its field; of what belongs to no form, the page of the
    /// error.
    private static ResponseEntity<Page> again(
            Problem.Raised refused, Map<String, String> typed, Function<Form, Page> page) {
        var problem = refused.problem();
        if (problem.status() == HttpStatus.NOT_FOUND || problem.code().equals("forbidden")) {
            throw refused;
        }
        return page.apply(Form.of(typed).refused(problem)).with(problem.status());
    }

    /// One song. `own` says whether the artist looks at it, `deciding` whether somebody who may let it in. Artists find
    /// their songs also where the contest became a draft again, of which they see nothing.
    public record OneSong(Song song, @Nullable Contest contest, Client client, boolean own, boolean deciding, Form form)
            implements Page {

        public boolean takesVotes() {
            return contest != null && contest.takesVotes();
        }

        public ZoneId timeZone() {
            return (contest == null ? ContestSettings.DEFAULT : contest.settings()).timeZone();
        }
    }

    @GetMapping("/songs/{song}")
    OneSong song(@PathVariable SongId song, Optional<Caller> caller) {
        return song(caller, song, Form.BLANK);
    }

    private OneSong song(Optional<Caller> caller, SongId id, Form form) {
        var song = songs.seenBy(caller, id);
        var acting = members.acting(caller, song.client());
        return new OneSong(
                song,
                transactions.as(acting, () -> contests.find(song.contest())).orElse(null),
                client(song.client()),
                caller.filter(person -> song.isBy(person.user())).isPresent(),
                acting.role() == Role.MEMBER || acting.role() == Role.ADMIN,
                form);
    }

    public record Fix(Song song, Contest contest, Client client, Form form) implements Page {}

    @GetMapping("/songs/{song}/fix")
    Fix fix(@PathVariable SongId song, Caller caller) {
        var before = submitSong.changeable(caller, song);
        var values = new HashMap<String, @Nullable Object>();
        values.put("title", before.title());
        values.put("artist_name", before.artistName());
        values.put("genre", before.genre());
        values.put("ai_tools_used", before.aiToolsUsed());
        values.put("description", before.description());
        values.put("license_type", SongWords.word(before.licenseType()));
        values.put("external_link", before.externalLink());
        values.put("source", before.filePath() == null ? "link" : "file");
        return fix(caller, before, Form.of(values));
    }

    private Fix fix(Caller caller, Song song, Form form) {
        var contest = contests.seenBy(Optional.of(caller), song.contest());
        return new Fix(song, contest, client(contest.client()), form);
    }

    @PostMapping(path = "/songs/{song}/fix", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<Page> fix(@PathVariable SongId song, Caller caller, HttpServletRequest request) {
        var before = submitSong.changeable(caller, song);
        var contest = contests.seenBy(Optional.of(caller), before.contest());
        var typed = new HashMap<String, String>();
        try {
            form.read(request, caller.user(), contest.settings().maxUploadMb(), OURS, filled -> {
                var draft = draft(filled, typed, before.filePath() != null);
                return submitSong
                        .revise(caller, song, _ -> draft, filled.file(), true)
                        .orRaise();
            });
            return Page.redirect("/songs/" + song.value(), "Thank you. A moderator will listen to it again.");
        } catch (Problem.Raised e) {
            return again(e, typed, form -> fix(caller, before, form));
        }
    }

    @PostMapping("/songs/{song}/withdrawal")
    ResponseEntity<Page> withdraw(@PathVariable SongId song, Caller caller) {
        submitSong.withdraw(caller, song);
        return Page.redirect("/songs/" + song.value(), "The song is withdrawn.");
    }

    public record MySongs(Slice<Song> songs, Map<ContestId, Contest> contests) implements Page {

        public boolean shows(Song song) {
            return contests.containsKey(song.contest());
        }

        public String contest(Song song) {
            var contest = contests.get(song.contest());
            return contest == null ? "A contest that is not shown" : contest.name();
        }
    }

    @GetMapping("/me/songs")
    MySongs mine(Caller caller, Window window) {
        return transactions.as(caller.acting(), () -> {
            var mine = songs.of(caller.user(), window);
            return new MySongs(mine, contestsOf(mine));
        });
    }

    private Map<ContestId, Contest> contestsOf(Slice<Song> listed) {
        return contests.find(listed.items().stream().map(Song::contest).collect(Collectors.toSet()));
    }

    /// The moderation queue, and what was decided. `refused` is the song whose form needs another look.
    public record Queue(
            Client client,
            Status status,
            int waiting,
            Slice<Song> songs,
            Map<ContestId, Contest> contests,
            Form form,
            @Nullable SongId refused)
            implements Page {

        public Form form(Song song) {
            return song.id().equals(refused) ? form : Form.BLANK;
        }
    }

    @GetMapping("/clients/{slug}/queue")
    Queue queue(
            @PathVariable String slug,
            @RequestParam(required = false) @Nullable String status,
            Caller caller,
            Window window) {
        var client = clients.withSlug(slug).orElseThrow(() -> Problem.notFound().raised());
        members.member(caller, client.id());
        var checks = Checks.start();
        var wanted = status == null ? Optional.of(Status.PENDING) : checks.oneOf("status", status, Status.class);
        checks.orRaise();
        return queue(caller, client, wanted.orElseThrow(), window, Form.BLANK, null);
    }

    private Queue queue(
            Caller caller, Client client, Status status, Window window, Form form, @Nullable SongId refused) {
        return transactions.as(members.member(caller, client.id()), () -> {
            var listed = songs.of(client.id(), status, window);
            return new Queue(
                    client,
                    status,
                    songs.count(client.id(), Status.PENDING),
                    listed,
                    contestsOf(listed),
                    form,
                    refused);
        });
    }

    @PostMapping("/songs/{song}/approval")
    ResponseEntity<Page> approve(
            @PathVariable SongId song,
            @RequestParam(name = "submitted_at", required = false) @Nullable String submittedAt,
            Caller caller) {
        var approved = decideSong.approve(caller, song, submittedAt);
        return Page.redirect(
                queueOf(approved),
                "“%s” is approved. %s hears of it by mail.".formatted(approved.title(), approved.artistName()));
    }

    @PostMapping("/songs/{song}/rejection")
    ResponseEntity<Page> reject(
            @PathVariable SongId song,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(name = "submitted_at", required = false) @Nullable String submittedAt,
            Caller caller) {
        try {
            var rejected = decideSong.reject(caller, song, reason, submittedAt);
            return Page.redirect(
                    queueOf(rejected),
                    "“%s” is not approved. %s reads your reason by mail."
                            .formatted(rejected.title(), rejected.artistName()));
        } catch (Problem.Raised e) {
            if (e.problem().errors().isEmpty()) {
                throw e;
            }
            var client = clients.find(songs.seenBy(Optional.of(caller), song).client())
                    .orElseThrow(() -> Problem.notFound().raised());
            var typed = Form.of(Map.of(
                            "reason", Objects.requireNonNullElse(reason, ""),
                            "submitted_at", Objects.requireNonNullElse(submittedAt, "")))
                    .refused(e.problem());
            return queue(caller, client, Status.PENDING, new Window(50, null), typed, song)
                    .with(HttpStatus.UNPROCESSABLE_CONTENT);
        }
    }

    private String queueOf(Song song) {
        return clients.find(song.client())
                .map(client -> "/clients/%s/queue".formatted(client.slug()))
                .orElseThrow(() -> new IllegalStateException("%s has no client".formatted(song)));
    }

    private Client client(ClientId client) {
        return clients.find(client)
                .orElseThrow(() -> new IllegalStateException("%s is gone, though it has contests".formatted(client)));
    }
}
