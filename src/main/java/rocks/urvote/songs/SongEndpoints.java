package rocks.urvote.songs;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import rocks.urvote.clients.Clients;
import rocks.urvote.clients.Members;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.Contests;
import rocks.urvote.kernel.Acting.Role;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.media.Playback;
import rocks.urvote.media.Waveforms;
import rocks.urvote.media.Waveforms.Waveform;
import rocks.urvote.songs.Songs.Search;
import rocks.urvote.songs.Songs.Sort;
import rocks.urvote.web.Caller;
import rocks.urvote.web.Checks;
import rocks.urvote.web.JsonBody;
import rocks.urvote.web.MergePatch;
import rocks.urvote.web.Problem;
import rocks.urvote.web.Refuses;
import rocks.urvote.web.Slice;
import rocks.urvote.web.Window;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@RestController
class SongEndpoints {

    private final StoredSongs songs;
    private final SubmitSong submitSong;
    private final DecideSong decideSong;
    private final SongForm form;
    private final MergePatch patches;
    private final JsonBody bodies;
    private final Contests contests;
    private final Clients clients;
    private final Members members;
    private final Playback playback;
    private final Waveforms waveforms;
    private final Shuffle shuffle;
    private final Transactions transactions;

    SongEndpoints(
            StoredSongs songs,
            SubmitSong submitSong,
            DecideSong decideSong,
            SongForm form,
            MergePatch patches,
            JsonBody bodies,
            Contests contests,
            Clients clients,
            Members members,
            Playback playback,
            Waveforms waveforms,
            Shuffle shuffle,
            Transactions transactions) {
        this.songs = songs;
        this.submitSong = submitSong;
        this.decideSong = decideSong;
        this.form = form;
        this.patches = patches;
        this.bodies = bodies;
        this.contests = contests;
        this.clients = clients;
        this.members = members;
        this.playback = playback;
        this.waveforms = waveforms;
        this.shuffle = shuffle;
        this.transactions = transactions;
    }

    @PostMapping(path = "/api/v1/contests/{contest}/songs", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Refuses({"403 email_not_verified", "409 submissions_closed", "409 entry_limit_reached"})
    ResponseEntity<SongJson.Inside> submitSong(
            @PathVariable ContestId contest, Caller caller, @RequestBody Draft draft) {
        submitSong.admit(caller, contest);
        return created(submitSong.submit(caller, contest, draft, null).orRaise());
    }

    @PostMapping(path = "/api/v1/contests/{contest}/songs", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Refuses({
        "403 email_not_verified",
        "409 submissions_closed",
        "409 entry_limit_reached",
        "400 malformed",
        "409 duplicate_file",
        "413 file_too_large",
        "415 not_audio",
        "422 invalid"
    })
    ResponseEntity<SongJson.Inside> submitSong(
            @PathVariable ContestId contest, Caller caller, HttpServletRequest request) {
        var wanted = submitSong.admit(caller, contest);
        return created(form.read(request, caller.user(), wanted.settings().maxUploadMb(), Set.of(), filled -> {
            var draft = Draft.of(filled.orRaise().fields(), filled.checks());
            filled.orRaise();
            return submitSong.submit(caller, contest, draft, filled.file()).orRaise();
        }));
    }

    private static ResponseEntity<SongJson.Inside> created(Song song) {
        return ResponseEntity.created(URI.create("/api/v1/songs/" + song.id().value()))
                .body(SongJson.Inside.of(song));
    }

    @GetMapping("/api/v1/songs/{song}")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(anyOf = {SongJson.Inside.class, SongJson.class})))
    Object song(@PathVariable SongId song, Optional<Caller> caller) {
        var seen = songs.seenBy(caller, song);
        return isInside(caller, seen) ? SongJson.Inside.of(seen) : SongJson.of(seen);
    }

    private boolean isInside(Optional<Caller> caller, Song song) {
        if (caller.filter(person -> song.isBy(person.user())).isPresent()) {
            return true;
        }
        var role = members.acting(caller, song.client()).role();
        return role == Role.MEMBER || role == Role.ADMIN;
    }

    @PatchMapping(
            path = "/api/v1/songs/{song}",
            consumes = {MediaType.APPLICATION_JSON_VALUE, "application/merge-patch+json"})
    @Refuses({
        "403 forbidden",
        "409 already_approved",
        "409 already_withdrawn",
        "409 entry_limit_reached",
        "409 submissions_closed"
    })
    SongJson.Inside reviseSong(
            @PathVariable SongId song,
            Caller caller,
            @Schema(implementation = Draft.class) @RequestBody ObjectNode patch) {
        submitSong.changeable(caller, song);
        return SongJson.Inside.of(submitSong
                .revise(caller, song, draft -> patches.apply(draft, patch, Draft.class), null, declares(patch))
                .orRaise());
    }

    @PatchMapping(path = "/api/v1/songs/{song}", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Refuses({
        "400 malformed",
        "403 forbidden",
        "409 already_approved",
        "409 already_withdrawn",
        "409 duplicate_file",
        "409 entry_limit_reached",
        "409 submissions_closed",
        "413 file_too_large",
        "415 not_audio",
        "422 invalid"
    })
    SongJson.Inside reviseSong(@PathVariable SongId song, Caller caller, HttpServletRequest request) {
        var before = submitSong.changeable(caller, song);
        var contest = contests.seenBy(Optional.of(caller), before.contest());
        return form.read(request, caller.user(), contest.settings().maxUploadMb(), Set.of(), filled -> {
            var patch = patch(filled.orRaise().fields(), filled.checks());
            filled.orRaise();
            return SongJson.Inside.of(submitSong
                    .revise(
                            caller,
                            song,
                            draft -> patches.apply(draft, patch, Draft.class),
                            filled.file(),
                            declares(patch))
                    .orRaise());
        });
    }

    private static boolean declares(ObjectNode patch) {
        return patch.path("rights_declared").asBoolean(false);
    }

    private static ObjectNode patch(Map<String, String> fields, Checks checks) {
        var patch = JsonNodeFactory.instance.objectNode();
        fields.forEach((field, value) -> {
            if (field.equals("rights_declared")) {
                patch.put(field, Draft.declared(value, checks));
            } else {
                patch.put(field, value.isEmpty() ? null : value);
            }
        });
        return patch;
    }

    @DeleteMapping("/api/v1/songs/{song}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Refuses({"403 forbidden"})
    void withdrawSong(@PathVariable SongId song, Caller caller) {
        submitSong.withdraw(caller, song);
    }

    /// What everyone may hear may be kept, but is asked for again: a withdrawn song falls silent at once.
    @GetMapping("/api/v1/songs/{song}/audio")
    @Refuses({"416 range_not_satisfiable"})
    @ApiResponse(responseCode = "200", content = @Content(mediaType = "audio/*"))
    @ApiResponse(
            responseCode = "206",
            description = "The part asked for (RFC 9110)",
            content = @Content(mediaType = "audio/*"))
    @ApiResponse(responseCode = "304", description = "Not changed since", content = @Content)
    void audio(
            @PathVariable SongId song,
            Optional<Caller> caller,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var seen = songs.seenBy(caller, song);
        if (seen.filePath() == null || seen.mediaType() == null || seen.fileHash() == null) {
            throw Problem.notFound().raised();
        }
        var ending = seen.filePath().substring(seen.filePath().lastIndexOf('.'));
        playback.send(
                new Playback.Sound(
                        seen.filePath(),
                        seen.mediaType(),
                        seen.fileHash(),
                        seen.title() + ending,
                        seen.isApproved()
                                ? CacheControl.noCache()
                                : CacheControl.noStore().cachePrivate()),
                request,
                response);
    }

    @GetMapping("/api/v1/songs/{song}/waveform")
    @Refuses({"404 no_waveform"})
    Waveform waveform(@PathVariable SongId song, Optional<Caller> caller) {
        return Optional.ofNullable(songs.seenBy(caller, song).filePath())
                .flatMap(waveforms::of)
                .orElseThrow(() -> Problem.of(HttpStatus.NOT_FOUND, "no_waveform", "There is no waveform of this song.")
                        .raised());
    }

    @GetMapping("/api/v1/contests/{contest}/songs")
    @Refuses({"403 counts_hidden"})
    Slice<SongJson> contestSongs(
            @PathVariable ContestId contest,
            @Parameter(schema = @Schema(implementation = Sort.class)) @RequestParam(required = false) @Nullable
                    String sort,
            @RequestParam(required = false) @Nullable String genre,
            @RequestParam(required = false) @Nullable String q,
            Window window,
            Optional<Caller> caller,
            HttpServletRequest request,
            HttpServletResponse response) {
        contests.seenBy(caller, contest);
        var checks = Checks.start();
        var order = sort == null ? Optional.of(Sort.RANDOM) : checks.oneOf("sort", sort, Sort.class);
        var genreLine = checks.optionalLine("genre", genre, 100).orElse(null);
        var text = checks.optionalLine("q", q, 200).orElse(null);
        checks.orRaise();
        var seed = order.orElseThrow() == Sort.RANDOM ? shuffle.seed(caller, request, response) : "";
        return songs.approvedIn(caller, contest, new Search(order.orElseThrow(), genreLine, text, seed), window)
                .map(SongJson::of);
    }

    @GetMapping("/api/v1/me/songs")
    Slice<SongJson.Inside> mySongs(Caller caller, Window window) {
        return transactions
                .as(caller.acting(), () -> songs.of(caller.user(), window))
                .map(SongJson.Inside::of);
    }

    @GetMapping("/api/v1/clients/{slug}/songs")
    @Refuses({"403 forbidden"})
    Slice<SongJson.Inside> songQueue(
            @PathVariable String slug,
            @Parameter(schema = @Schema(implementation = Song.Status.class)) @RequestParam(required = false) @Nullable
                    String status,
            Caller caller,
            Window window) {
        var client = clients.withSlug(slug).orElseThrow(() -> Problem.notFound().raised());
        var acting = members.member(caller, client.id());
        var checks = Checks.start();
        var wanted =
                status == null ? Optional.of(Song.Status.PENDING) : checks.oneOf("status", status, Song.Status.class);
        checks.orRaise();
        return transactions
                .as(acting, () -> songs.of(client.id(), wanted.orElseThrow(), window))
                .map(SongJson.Inside::of);
    }

    /// `submittedAt` is that of the song the moderator listened to; with it, no later change slips in.
    public record Approval(
            @Schema(format = "date-time") @Nullable String submittedAt) {}

    @PostMapping("/api/v1/songs/{song}/approval")
    @Refuses({"403 forbidden", "409 not_pending", "409 changed_meanwhile"})
    SongJson.Inside approveSong(
            @PathVariable SongId song,
            Caller caller,
            @Schema(implementation = Approval.class) @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        var approval = bodies.read(request.getContentType(), body, Approval.class);
        return SongJson.Inside.of(decideSong.approve(
                caller, song, approval.map(Approval::submittedAt).orElse(null)));
    }

    @Schema(requiredProperties = "reason")
    public record Rejection(
            @Nullable String reason,
            @Schema(format = "date-time") @Nullable String submittedAt) {}

    @PostMapping("/api/v1/songs/{song}/rejection")
    @Refuses({"403 forbidden", "409 not_pending", "409 changed_meanwhile"})
    SongJson.Inside rejectSong(@PathVariable SongId song, Caller caller, @RequestBody Rejection rejection) {
        return SongJson.Inside.of(decideSong.reject(caller, song, rejection.reason(), rejection.submittedAt()));
    }
}
