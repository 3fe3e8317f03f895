package rocks.urvote.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import rocks.urvote.clients.EnsureClient;
import rocks.urvote.clients.Members.Role;
import rocks.urvote.contests.ContestId;
import rocks.urvote.contests.ContestPlan;
import rocks.urvote.contests.ContestSettings;
import rocks.urvote.contests.EnsureContest;
import rocks.urvote.identity.Accounts;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.ClientId;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;
import rocks.urvote.songs.EnterSong;
import rocks.urvote.songs.Entry;
import rocks.urvote.songs.Song;
import rocks.urvote.songs.SongId;

/// A running UrVote with what a test of voting needs on it: a client, contests, songs, people.
public final class Stage {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final RunningUrVote urvote;
    private final UserId admin;
    private final ClientId client;
    private final UserId artist;

    public Stage(RunningUrVote urvote) {
        this.urvote = urvote;
        this.admin = account("stage-admin", true);
        this.artist = account("stage-artist", false);
        this.client = asAdmin(() -> {
            var made = urvote.bean(EnsureClient.class).ensure("Stage").client().id();
            urvote.bean(EnsureClient.class).ensureMember(made, account("stage-owner", false), Role.OWNER);
            return made;
        });
    }

    public static String unique(String name) {
        return name + COUNT.incrementAndGet();
    }

    /// Open since yesterday, for a month.
    public ContestId contest(ContestSettings settings) {
        return contest(
                settings, Instant.now().minus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(30)));
    }

    public ContestId contest(ContestSettings settings, Instant opens, Instant closes) {
        return asAdmin(() -> urvote.bean(EnsureContest.class)
                .ensure(
                        client,
                        new ContestPlan(
                                unique("Contest "), null, opens, closes, 1000, true, true, null, List.of(), settings))
                .contest()
                .id());
    }

    public ContestId contest() {
        return contest(ContestSettings.DEFAULT);
    }

    public static ContestSettings votesPerDay(int votes) {
        var defaults = ContestSettings.DEFAULT;
        return new ContestSettings(
                defaults.timeZone(),
                votes,
                1,
                Set.of(),
                Set.of(),
                defaults.hideCounts(),
                defaults.captcha(),
                0,
                50,
                null,
                null);
    }

    public SongId song(ContestId contest, String title) {
        return song(contest, title, artist);
    }

    public SongId song(ContestId contest, String title, UserId artist) {
        return asAdmin(() -> urvote.bean(EnterSong.class).approved(artist, admin, contest, entry(title), null));
    }

    public SongId pendingSong(ContestId contest, String title) {
        return asAdmin(() -> urvote.bean(EnterSong.class).pending(artist, contest, entry(title), null));
    }

    private static Entry entry(String title) {
        return new Entry(
                title,
                "Ann Onym",
                "Folk",
                "by hand",
                null,
                Song.License.CC_BY,
                "https://www.youtube.com/watch?v=dQw4w9WgXcQ");
    }

    public Api voter() {
        return Api.signedIn(urvote, unique("voter"));
    }

    public Api owner() {
        return Api.signedIn(urvote, "stage-owner");
    }

    public Api artist() {
        return Api.signedIn(urvote, "stage-artist");
    }

    private UserId account(String name, boolean isAdmin) {
        return urvote.bean(Accounts.class)
                .ensure(new EmailAddress(Api.email(name)), name, "correct horse battery staple", isAdmin);
    }

    private <T> T asAdmin(Supplier<T> work) {
        return urvote.bean(Transactions.class).as(Acting.admin(admin), work);
    }

    /// The database as its superuser sees it: every row.
    public JdbcClient database() {
        return database(urvote.databaseUrl());
    }

    /// Any database by its URL.
    public static JdbcClient database(String url) {
        return JdbcClient.create(new DriverManagerDataSource(jdbc(url)));
    }

    /// A session of the superuser's own.
    public Connection connection() throws SQLException {
        return DriverManager.getConnection(jdbc(urvote.databaseUrl()));
    }

    private static String jdbc(String url) {
        var uri = java.net.URI.create(url);
        var login = List.of(uri.getUserInfo().split(":", 2));
        return "jdbc:postgresql://%s:%d%s?user=%s&password=%s"
                .formatted(uri.getHost(), uri.getPort(), uri.getPath(), login.get(0), login.get(1));
    }

    /// Runs all of them at once and gives their results in order.
    public static <T> List<T> atOnce(List<? extends Callable<T>> tasks) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<T>();
            for (var result : threads.invokeAll(tasks)) {
                results.add(result.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
