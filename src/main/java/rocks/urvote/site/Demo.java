package rocks.urvote.site;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.Brand;
import rocks.urvote.clients.EnsureClient;
import rocks.urvote.clients.Members.Role;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.ContestPlan;
import rocks.urvote.contests.ContestSettings;
import rocks.urvote.contests.EnsureContest;
import rocks.urvote.identity.Accounts;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.media.Files;
import rocks.urvote.songs.EnterSong;
import rocks.urvote.songs.Entry;
import rocks.urvote.songs.Song;
import rocks.urvote.songs.SongId;
import rocks.urvote.songs.Songs;
import rocks.urvote.votes.Ballot;
import rocks.urvote.votes.BallotBox;
import rocks.urvote.web.Window;

/// Three clients, their three contests, fifteen songs and some votes: something to see and hear on a fresh machine.
///
/// What is there already stays as it is, so loading it twice is loading it once.
@Component
class Demo {

    private static final int VOTERS = 24;

    private final Accounts accounts;
    private final EnsureClient clients;
    private final EnsureContest contests;
    private final EnterSong enterSong;
    private final Songs songs;
    private final Files files;
    private final BallotBox ballotBox;
    private final Transactions transactions;
    private final Clock clock;

    Demo(
            Accounts accounts,
            EnsureClient clients,
            EnsureContest contests,
            EnterSong enterSong,
            Songs songs,
            Files files,
            BallotBox ballotBox,
            Transactions transactions,
            Clock clock) {
        this.accounts = accounts;
        this.clients = clients;
        this.contests = contests;
        this.enterSong = enterSong;
        this.songs = songs;
        this.files = files;
        this.ballotBox = ballotBox;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// What was new.
    record Loaded(int contests, int songs, int votes) {}

    Loaded load(String password, Consumer<String> progress) throws IOException {
        progress.accept("Opening the demo's accounts");
        var admin = account("admin", "Demo admin", password, true);
        var owner = account("owner", "Demo owner", password, false);
        var moderator = account("moderator", "Demo moderator", password, false);
        var artist = account("artist", "Demo artist", password, false);
        var added = 0;
        var entered = new ArrayList<SongId>();
        progress.accept("Composing the demo's songs");
        for (var brand : DemoBrands.all()) {
            var contest = transactions.as(Acting.admin(admin), () -> ensure(brand, owner, moderator));
            added += contest.added() ? 1 : 0;
            if (nothingIn(contest.contest().id())) {
                entered.addAll(enter(brand.contest(), contest.contest().id(), admin, moderator, password));
                if (brand.contest().equals(DemoSongs.waiting().contest())) {
                    await(artist, contest.contest().id(), admin);
                }
            }
        }
        var votes = entered.isEmpty() ? 0 : vote(entered, password, progress);
        return new Loaded(added, entered.size(), votes);
    }

    private EnsureContest.Ensured ensure(DemoBrands brand, UserId owner, UserId moderator) {
        var client = clients.ensure(new Brand(
                        brand.slug(), brand.client(), brand.tagline(), brand.about(), null, null, brand.theme()))
                .client();
        clients.ensureMember(client.id(), owner, Role.OWNER);
        clients.ensureMember(client.id(), moderator, Role.MODERATOR);
        var today = clock.instant().truncatedTo(ChronoUnit.HOURS);
        var defaults = ContestSettings.DEFAULT;
        return contests.ensure(
                client.id(),
                new ContestPlan(
                        brand.contest(),
                        brand.description(),
                        today.minus(Duration.ofDays(7)),
                        today.plus(Duration.ofDays(brand.daysLeft())),
                        3,
                        true,
                        true,
                        brand.rules(),
                        brand.prizes(),
                        new ContestSettings(
                                brand.timeZone(),
                                defaults.votesPerDay(),
                                defaults.votesPerSongPerDay(),
                                defaults.allowedCountries(),
                                defaults.blockedCountries(),
                                defaults.hideCounts(),
                                defaults.captcha(),
                                defaults.listenBeforeVoteSeconds(),
                                defaults.maxUploadMb(),
                                null,
                                null)));
    }

    private boolean nothingIn(ContestId contest) {
        var search = new Songs.Search(Songs.Sort.TITLE, null, null, "demo");
        return songs.approvedIn(Optional.empty(), contest, search, new Window(1, null))
                .items()
                .isEmpty();
    }

    /// Every artist with an account of their own.
    private List<SongId> enter(String name, ContestId contest, UserId admin, UserId moderator, String password)
            throws IOException {
        var entered = new ArrayList<SongId>();
        for (var song : DemoSongs.all()) {
            if (song.contest().equals(name)) {
                var artist = account(handle(song.artistName()), handle(song.artistName()), password, false);
                var file = keep(song, artist);
                entered.add(transactions.as(Acting.admin(admin), (Supplier<SongId>)
                        () -> enterSong.approved(artist, moderator, contest, entry(song), file)));
            }
        }
        return entered;
    }

    /// Something for the moderators to do: a song that waits in the queue.
    private void await(UserId artist, ContestId contest, UserId admin) throws IOException {
        var song = DemoSongs.waiting();
        var file = keep(song, artist);
        transactions.as(
                Acting.admin(admin), (Supplier<SongId>) () -> enterSong.pending(artist, contest, entry(song), file));
    }

    private Files.Kept keep(DemoSong song, UserId artist) throws IOException {
        var wav = new ByteArrayOutputStream();
        song.writeTo(wav);
        var arrival = files.receive(artist, new ByteArrayInputStream(wav.toByteArray()), wav.size());
        if (arrival instanceof Files.Arrival.Accepted(var file)) {
            return file;
        }
        throw new IllegalStateException("%s was composed, but came as %s".formatted(song.title(), arrival));
    }

    private static Entry entry(DemoSong song) {
        return new Entry(
                song.title(),
                song.artistName(),
                song.genre(),
                DemoSong.AI_TOOLS,
                song.description(),
                Song.License.CC0,
                null);
    }

    /// Every voter likes some songs more than others, so that the boards have a shape.
    private int vote(List<SongId> entered, String password, Consumer<String> progress) {
        progress.accept("Casting the demo's votes");
        var taste = new Random(2024);
        var votes = 0;
        for (var number = 1; number <= VOTERS; number++) {
            var voter = account("voter" + number, "Demo voter " + number, password, false);
            var liked = new ArrayList<>(entered);
            Collections.shuffle(liked, taste);
            for (var song : liked) {
                var charm = 0.15 + 0.6 * (entered.indexOf(song) * 7 % entered.size()) / entered.size();
                if (taste.nextDouble() < charm) {
                    ballotBox.cast(
                            new Ballot(song, voter, true, "198.51.100." + number, "UrVote demo", null, null, null));
                    votes++;
                }
            }
        }
        return votes;
    }

    static EmailAddress address(String name) {
        return new EmailAddress(name + "@demo.urvote.example");
    }

    private UserId account(String name, String username, String password, boolean admin) {
        return accounts.ensure(address(name), username, password, admin);
    }

    private static String handle(String artistName) {
        return artistName.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }
}
