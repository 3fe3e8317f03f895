package rocks.urvote.site;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;
import rocks.urvote.clients.EnsureClient;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.ContestPlan;
import rocks.urvote.contests.ContestSettings;
import rocks.urvote.contests.EnsureContest;
import rocks.urvote.identity.Accounts;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.songs.EnterSong;
import rocks.urvote.songs.Entry;
import rocks.urvote.songs.Song;
import rocks.urvote.songs.SongId;
import rocks.urvote.votes.Ballot;
import rocks.urvote.votes.BallotBox;
import rocks.urvote.votes.Ruling;

/// The scale that UrVote's database was first drawn for: 10,000 users, 1,000 songs, 100,000 votes; or so many times of
/// it. The votes go through the ballot box, by every rule, so that tallies equal a recount.
@Component
class Scale {

    private static final int USERS = 10_000;
    private static final int CONTESTS = 10;
    private static final int SONGS_OF_EACH = 100;
    private static final int VOTES_OF_EACH = 10;

    /// The ballot box makes one commit of what waits at a time.
    private static final int VOTERS_AT_ONCE = 512;

    private static final int AT_ONCE = 1_000;

    private static final String BROWSER =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

    private static final List<String> COUNTRIES = List.of("CH", "DE", "AT", "FR", "IT", "US", "GB", "SE", "JP", "BR");

    private final Accounts accounts;
    private final EnsureClient clients;
    private final EnsureContest contests;
    private final EnterSong enterSong;
    private final BallotBox ballotBox;
    private final Transactions transactions;
    private final Clock clock;

    Scale(
            Accounts accounts,
            EnsureClient clients,
            EnsureContest contests,
            EnterSong enterSong,
            BallotBox ballotBox,
            Transactions transactions,
            Clock clock) {
        this.accounts = accounts;
        this.clients = clients;
        this.contests = contests;
        this.enterSong = enterSong;
        this.ballotBox = ballotBox;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// What is there now of users, and what was new of the rest.
    record Loaded(int users, int songs, int votes) {}

    /// What is there already stays; on another day everybody votes again.
    Loaded load(int times, Consumer<String> progress) {
        progress.accept("Opening %,d accounts".formatted(USERS * times));
        var people = people(times);
        progress.accept("Entering %,d songs".formatted(CONTESTS * SONGS_OF_EACH * times));
        var songs = new ArrayList<List<SongId>>();
        var added = 0;
        for (int n = 0; n < CONTESTS * times; n++) {
            var entered = enter(n, people);
            added += entered.size();
            if (!entered.isEmpty()) {
                songs.add(entered);
            }
        }
        if (songs.isEmpty()) {
            return new Loaded(people.size(), 0, 0);
        }
        progress.accept("Casting %,d votes".formatted(people.size() * VOTES_OF_EACH));
        return new Loaded(people.size(), added, vote(people, songs));
    }

    private List<UserId> people(int times) {
        var people = new ArrayList<UserId>();
        for (int first = 1; first <= USERS * times; first += AT_ONCE) {
            people.addAll(accounts.ensureMany(IntStream.range(first, first + AT_ONCE)
                    .mapToObj(n -> Demo.address("scale-%07d".formatted(n)))
                    .toList()));
        }
        return people;
    }

    /// A contest of a hundred artists, each with a song.
    private List<SongId> enter(int number, List<UserId> people) {
        var artists = people.subList(number * SONGS_OF_EACH, (number + 1) * SONGS_OF_EACH);
        var admin = accounts.ensureMany(List.of(new EmailAddress("scale-moderator@demo.urvote.example")))
                .getFirst();
        return transactions.as(
                Acting.admin(admin),
                () -> enterSong.approvedMany(
                        admin,
                        contest(number),
                        artists,
                        IntStream.range(0, SONGS_OF_EACH)
                                .mapToObj(n -> entry(number, n))
                                .toList()));
    }

    private ContestId contest(int number) {
        var client = clients.ensure("Scale").client().id();
        var today = clock.instant().truncatedTo(ChronoUnit.DAYS);
        return contests.ensure(
                        client,
                        new ContestPlan(
                                "Contest %d at scale".formatted(number + 1),
                                null,
                                today.minus(Duration.ofDays(1)),
                                today.plus(Duration.ofDays(30)),
                                1,
                                true,
                                true,
                                null,
                                List.of(),
                                ContestSettings.DEFAULT))
                .contest()
                .id();
    }

    private static Entry entry(int contest, int n) {
        return new Entry(
                "Song %d of contest %d".formatted(n + 1, contest + 1),
                "Artist %d".formatted(contest * SONGS_OF_EACH + n + 1),
                "Electronic",
                "Suno 4.5 for the music, words by hand, mastered with iZotope",
                "A song that takes as much room as one does: a few sentences about how it came to be, what it is"
                        + " about, and who sang it, as artists write them when they submit.",
                Song.License.CC_BY,
                "https://www.youtube.com/watch?v=%05d%06d".formatted(contest + 1, n + 1));
    }

    /// Everyone votes for ten songs of one contest; some songs are liked more than others.
    private int vote(List<UserId> people, List<List<SongId>> songs) {
        var received = new AtomicInteger();
        var next = new AtomicInteger();
        var hands = IntStream.range(0, VOTERS_AT_ONCE)
                .mapToObj(_ -> (Callable<Boolean>) () -> {
                    for (int n = next.getAndIncrement(); n < people.size(); n = next.getAndIncrement()) {
                        received.addAndGet(voteOf(n, people.get(n), songs.get(contestOf(n, songs.size()))));
                    }
                    return true;
                })
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var hand : threads.invokeAll(hands)) {
                hand.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("A vote could not be cast", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Broken off while votes were cast", e);
        }
        return received.get();
    }

    /// Not the one in which they have a song themselves.
    private static int contestOf(int number, int contests) {
        int contest = number % contests;
        return contest == number / SONGS_OF_EACH ? (contest + 1) % contests : contest;
    }

    private int voteOf(int number, UserId voter, List<SongId> songs) {
        var taste = new Random(number);
        int received = 0;
        for (var song : taste.ints(0, songs.size())
                .map(n -> Math.min(n, taste.nextInt(songs.size())))
                .distinct()
                .limit(VOTES_OF_EACH)
                .mapToObj(songs::get)
                .toList()) {
            var ruling = ballotBox.cast(new Ballot(
                    song,
                    voter,
                    true,
                    "198.51.%d.%d".formatted(number / 256 % 256, number % 256),
                    BROWSER,
                    "%032x".formatted(number * 2_654_435_761L),
                    COUNTRIES.get(number % COUNTRIES.size()),
                    null));
            if (ruling instanceof Ruling.Received) {
                received++;
            }
        }
        return received;
    }
}
