package rocks.urvote.site;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import rocks.urvote.testkit.Api;
import rocks.urvote.testkit.Browser;
import rocks.urvote.testkit.Inbox;
import rocks.urvote.testkit.RunningUrVote;

/// Every page in a real browser, on the demo.
class PagesIT {

    private static final List<String> WCAG = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");

    /// Who looks at a page.
    enum Person {
        VISITOR,
        VOTER,
        ARTIST,
        MODERATOR,
        OWNER,
        ADMIN,
        /// After the first step of a sign-in that has two.
        HALFWAY
    }

    /// One look at a page: its mapping, who looks, where exactly, and what comes.
    record Look(String mapping, Person person, String path, int status) {

        @Override
        public String toString() {
            return "%s %s".formatted(person.name().toLowerCase(Locale.ROOT), path);
        }
    }

    static RunningUrVote urvote;
    static Inbox inbox;
    static Api visitor;
    static Browser browser;
    static final Map<Person, BrowserContext> CONTEXTS = new EnumMap<>(Person.class);
    static final Set<String> SEEN = new HashSet<>();

    static long contest;
    static long song;
    static long rejected;
    static long newcomer;
    static String verification;
    static String reset;

    @BeforeAll
    static void start() throws IOException {
        urvote = RunningUrVote.start(Map.of("URVOTE_MODE", "demo"));
        inbox = Inbox.of(urvote);
        visitor = Api.visitor(urvote);
        browser = Browser.start();
        CONTEXTS.put(Person.VISITOR, browser.visitor(urvote.address()));
        var voter = demo("voter1");
        voter.post("/api/v1/me/two-factor/totp");
        CONTEXTS.put(Person.VOTER, browser.signedIn(urvote.address(), voter));
        CONTEXTS.put(Person.HALFWAY, halfway());
        CONTEXTS.put(Person.OWNER, browser.signedIn(urvote.address(), demo("owner")));
        CONTEXTS.put(Person.ADMIN, browser.signedIn(urvote.address(), demo("admin")));
        var artist = demo("artist");
        var moderator = demo("moderator");
        CONTEXTS.put(Person.ARTIST, browser.signedIn(urvote.address(), artist));
        CONTEXTS.put(Person.MODERATOR, browser.signedIn(urvote.address(), moderator));

        contest = contestOf("sound-of-chi");
        song = visitor.get("/api/v1/contests/%d/songs?sort=title".formatted(contest))
                .json()
                .path("items")
                .get(0)
                .path("id")
                .asLong();
        submit(artist, contestOf("jericho-homestead"), "Waiting to be heard");
        rejected = submit(artist, contest, "Not quite yet");
        moderator.post(
                "/api/v1/songs/%d/rejection".formatted(rejected), "{\"reason\": \"The last minute is silent.\"}");
        visitor.post("/api/v1/users", """
            {"email": "new@example.org", "username": "newcomer", "password": "correct horse battery staple"}
            """);
        newcomer = demo("admin")
                .get("/api/v1/admin/users?q=newcomer")
                .json()
                .path("items")
                .get(0)
                .path("id")
                .asLong();
        verification = inbox.link("new@example.org", 1);
        visitor.post("/api/v1/password-resets", "{\"email\": \"voter3@demo.urvote.example\"}");
        reset = inbox.link("voter3@demo.urvote.example", 1);
    }

    @AfterAll
    static void stop() {
        browser.close();
        urvote.close();
    }

    private static BrowserContext halfway() {
        var email = Demo.address("voter2").toString();
        var person = demo("voter2");
        JdbcClient.create(new SingleConnectionDataSource(connection(), false))
                .sql("""
                    insert into identity.totp_secrets (user_id, secret, confirmed_at)
                    values (:user, decode(repeat('00', 21), 'hex'), now())
                    """)
                .param("user", person.user())
                .update();
        var mails = inbox.to(email).size();
        visitor.post("/api/v1/sign-in-codes", "{\"email\": \"%s\"}".formatted(email));
        var first = visitor.post(
                "/api/v1/sessions",
                "{\"email\": \"%s\", \"code\": \"%s\"}".formatted(email, inbox.code(email, mails + 1)));
        var context = browser.visitor(urvote.address());
        context.addCookies(List.of(
                new Cookie("second-step", first.json().path("second_step").asString())
                        .setUrl(urvote.address().toString())));
        return context;
    }

    private static Connection connection() {
        var url = URI.create(urvote.databaseUrl());
        var login = url.getUserInfo().split(":", 2);
        try {
            return DriverManager.getConnection(
                    "jdbc:postgresql://%s:%d%s".formatted(url.getHost(), url.getPort(), url.getPath()),
                    login[0],
                    login[1]);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Api demo(String name) {
        return visitor.byCode(inbox, Demo.address(name).toString());
    }

    private static long contestOf(String client) {
        return visitor.get("/api/v1/contests?client=" + client)
                .json()
                .path("items")
                .get(0)
                .path("id")
                .asLong();
    }

    private static long submit(Api artist, long contest, String title) throws IOException {
        try (var file = Objects.requireNonNull(PagesIT.class.getResourceAsStream("/audio/tone.mp3"))) {
            var fields = Map.of(
                    "title", title,
                    "artist_name", "Demo artist",
                    "genre", "Folk",
                    "description", "One voice\nand one guitar.",
                    "ai_tools_used", "Suno",
                    "license_type", "cc_by",
                    "rights_declared", "true");
            return artist.upload(
                            "POST",
                            "/api/v1/contests/%d/songs".formatted(contest),
                            fields,
                            "song.mp3",
                            file.readAllBytes())
                    .json()
                    .path("id")
                    .asLong();
        }
    }

    static Stream<Look> looks() {
        return Stream.of(
                look("/", Person.VISITOR, "/"),
                look("/", Person.VOTER, "/"),
                look("/contests", Person.VISITOR, "/contests"),
                look("/how-voting-works", Person.VISITOR, "/how-voting-works"),
                look("/contests/{contest}", Person.VISITOR, "/contests/" + contest),
                look("/contests/{contest}", Person.VOTER, "/contests/" + contest),
                look("/contests/{contest}", Person.OWNER, "/contests/" + contest),
                look("/contests/{contest}", Person.VISITOR, "/contests/%d?q=nothing+like+this".formatted(contest)),
                look("/contests/{contest}/leaderboard", Person.VISITOR, "/contests/%d/leaderboard".formatted(contest)),
                look("/contests/{contest}/submit", Person.ARTIST, "/contests/%d/submit".formatted(contest)),
                look("/songs/{song}", Person.VISITOR, "/songs/" + song),
                look("/songs/{song}", Person.ARTIST, "/songs/" + rejected),
                look("/songs/{song}/fix", Person.ARTIST, "/songs/%d/fix".formatted(rejected)),
                look("/me/songs", Person.ARTIST, "/me/songs"),
                look("/me/songs", Person.VOTER, "/me/songs"),
                look("/me/votes", Person.VOTER, "/me/votes"),
                look("/me/votes", Person.ARTIST, "/me/votes"),
                look("/me", Person.VOTER, "/me"),
                look("/me/erasure", Person.VOTER, "/me/erasure"),
                look("/clients/{slug}", Person.VISITOR, "/clients/sound-of-chi"),
                look("/clients/{slug}", Person.OWNER, "/clients/sound-of-chi"),
                look("/clients/{slug}/queue", Person.MODERATOR, "/clients/jericho-homestead/queue"),
                look("/clients/{slug}/queue", Person.MODERATOR, "/clients/sound-of-chi/queue"),
                look("/clients/{slug}/queue", Person.MODERATOR, "/clients/sound-of-chi/queue?status=rejected"),
                look("/clients/{slug}/manage", Person.OWNER, "/clients/sound-of-chi/manage"),
                look("/clients/{slug}/manage/members", Person.OWNER, "/clients/sound-of-chi/manage/members"),
                look("/clients/{slug}/manage/contests", Person.OWNER, "/clients/sound-of-chi/manage/contests"),
                look("/clients/{slug}/contests/new", Person.OWNER, "/clients/sound-of-chi/contests/new"),
                look("/contests/{id}/edit", Person.OWNER, "/contests/%d/edit".formatted(contest)),
                look("/admin", Person.ADMIN, "/admin"),
                look("/admin/users", Person.ADMIN, "/admin/users?q=demo"),
                look("/admin/users", Person.ADMIN, "/admin/users?q=nobody+like+this"),
                look("/admin/users/{user}", Person.ADMIN, "/admin/users/1"),
                look("/admin/users/{user}", Person.ADMIN, "/admin/users/" + newcomer),
                look("/admin/audit", Person.ADMIN, "/admin/audit"),
                look("/admin/audit", Person.ADMIN, "/admin/audit?about=song+%d".formatted(rejected)),
                look("/admin/mails", Person.ADMIN, "/admin/mails"),
                look("/admin/settings", Person.ADMIN, "/admin/settings"),
                look("/admin/clients", Person.ADMIN, "/admin/clients"),
                look("/admin/database", Person.ADMIN, "/admin/database"),
                look("/admin/clients/new", Person.ADMIN, "/admin/clients/new"),
                look("/admin/chores", Person.ADMIN, "/admin/chores"),
                look("/sign-in", Person.VISITOR, "/sign-in?next=/contests/" + contest),
                look("/sign-in/code", Person.VISITOR, "/sign-in/code?email=ada@example.org"),
                look("/sign-in/password", Person.VISITOR, "/sign-in/password"),
                look("/sign-in/second-step", Person.HALFWAY, "/sign-in/second-step?next=/me"),
                look("/me/two-factor", Person.VOTER, "/me/two-factor"),
                look("/me/two-factor/app", Person.VOTER, "/me/two-factor/app"),
                look("/sign-up", Person.VISITOR, "/sign-up"),
                look("/sign-up/sent", Person.VISITOR, "/sign-up/sent"),
                look("/verify", Person.VISITOR, "/verify?token=" + verification),
                new Look("/verify", Person.VISITOR, "/verify?token=gone", 410),
                look("/reset", Person.VISITOR, "/reset"),
                look("/reset/sent", Person.VISITOR, "/reset/sent"),
                look("/reset/{token}", Person.VISITOR, "/reset/" + reset),
                new Look("/reset/{token}", Person.VISITOR, "/reset/gone", 410),
                new Look("", Person.VISITOR, "/no/such/page", 404),
                look("/sign-in", Person.VISITOR, "/me/votes"),
                new Look("", Person.VOTER, "/clients/sound-of-chi/queue", 403));
    }

    private static Look look(String mapping, Person person, String path) {
        return new Look(mapping, person, path, 200);
    }

    @Test
    void everyPageThereIsIsLookedAt() {
        var pages = mappings().getHandlerMethods().entrySet().stream()
                .filter(mapping -> isPage(mapping.getValue()))
                .filter(mapping -> mapping.getKey().getMethodsCondition().getMethods().stream()
                        .anyMatch(method -> method.name().equals("GET")))
                .flatMap(mapping -> mapping.getKey().getPatternValues().stream())
                .collect(Collectors.toSet());

        assertThat(looks().map(Look::mapping)
                        .filter(mapping -> !mapping.isEmpty())
                        .collect(Collectors.toSet()))
                .isEqualTo(pages);
    }

    private static RequestMappingHandlerMapping mappings() {
        return urvote.bean(RequestMappingHandlerMapping.class);
    }

    private static boolean isPage(HandlerMethod handler) {
        var returned = ResolvableType.forMethodParameter(handler.getReturnType());
        var shown = returned.as(HttpEntity.class).resolve() == null ? returned : returned.getGeneric(0);
        return rocks.urvote.web.Page.class.isAssignableFrom(shown.resolve(Object.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("looks")
    void looksGoodToEveryone(Look look) {
        var context = context(look.person());
        try (var page = context.newPage()) {
            var troubles = troublesOf(page, look);

            var answer = page.navigate(look.path());

            assertThat(answer.status()).isEqualTo(look.status());
            assertThat(page.title()).endsWith(" · UrVote").hasSizeGreaterThan(" · UrVote".length());
            assertThat(page.locator("h1")).hasCount(1);
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
            for (var width : List.of(390, 1280)) {
                page.setViewportSize(width, width == 390 ? 844 : 900);
                var at = "%s, %d wide".formatted(look, width);
                assertThat(overflowing(page)).as(at).isEmpty();
                assertThat(barriers(page, ColorScheme.LIGHT)).as(at).isEmpty();
            }
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
            assertThat(barriers(page, ColorScheme.DARK)).as(look + ", dark").isEmpty();
            assertThat(deadEnds(look, context, page)).isEmpty();
            assertThat(troubles).isEmpty();
        }
    }

    private static BrowserContext context(Person person) {
        return Objects.requireNonNull(CONTEXTS.get(person));
    }

    /// What the browser complains about while it shows the page. That the page itself is a refusal is no trouble where
    /// one is expected, nor is a stream that ends with its page.
    private static List<String> troublesOf(Page page, Look look) {
        var troubles = new ArrayList<String>();
        page.onPageError(error -> troubles.add("script: " + error));
        page.onConsoleMessage(message -> {
            var itself = look.status() >= 400 && message.location().contains(look.path());
            if (List.of("error", "warning").contains(message.type()) && !itself) {
                troubles.add("console: %s (%s)".formatted(message.text(), message.location()));
            }
        });
        page.onRequestFailed(request -> {
            if (!request.url().endsWith("/stream")) {
                troubles.add("failed: %s %s".formatted(request.url(), request.failure()));
            }
        });
        page.onResponse(response -> {
            if (response.status() >= 400 && !response.request().isNavigationRequest()) {
                troubles.add("%d: %s".formatted(response.status(), response.url()));
            }
        });
        return troubles;
    }

    /// What stands out to the right where the page as a whole can be scrolled sideways.
    private static List<?> overflowing(Page page) {
        return (List<?>) page.evaluate("""
            () => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
                .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
                .map((part) => `${part.tagName} ${part.className} ${Math.round(part.getBoundingClientRect().right)}`)
            """);
    }

    /// What axe-core finds. In the dark only the colours are different.
    private static List<String> barriers(Page page, ColorScheme scheme) {
        var axe = new AxeBuilder(page).setLegacyMode(true);
        var results =
                (scheme == ColorScheme.DARK ? axe.withRules(List.of("color-contrast")) : axe.withTags(WCAG)).analyze();
        return results.getViolations().stream()
                .flatMap(rule ->
                        rule.getNodes().stream().map(node -> said(rule, node.getHtml(), node.getFailureSummary())))
                .toList();
    }

    private static String said(Rule rule, String html, String why) {
        return "%s: %s\n%s".formatted(rule.getId(), html, why);
    }

    /// The links and forms of the page that lead nowhere. What was followed once is not followed again.
    private static List<String> deadEnds(Look look, BrowserContext context, Page page) {
        var dead = new ArrayList<String>();
        for (var link : addresses(page, "a[href]:not([href^=\"#\"])", "part.href")) {
            if (link.startsWith(urvote.address().toString()) && SEEN.add(look.person() + " " + link)) {
                var status = context.request()
                        .get(link, RequestOptions.create().setHeader("Accept", "text/html,*/*;q=0.8"))
                        .status();
                if (status >= 400) {
                    dead.add("%d %s".formatted(status, link));
                }
            }
        }
        for (var form : addresses(page, "form", "`${part.method.toUpperCase()} ${part.action}`")) {
            var words = form.split(" ", 2);
            if (SEEN.add(form) && !isMapped(words[0], URI.create(words[1]).getPath())) {
                dead.add(form);
            }
        }
        for (var fragment : addresses(page, "a[href^=\"#\"]", "part.hash.slice(1)")) {
            if (page.locator("[id=\"%s\"]".formatted(fragment)).count() != 1) {
                dead.add("#" + fragment);
            }
        }
        return dead;
    }

    @SuppressWarnings("unchecked") // what the script gives
    private static List<String> addresses(Page page, String selector, String what) {
        return (List<String>)
                page.evaluate("() => [...document.querySelectorAll('%s')].map((part) => %s)".formatted(selector, what));
    }

    private static boolean isMapped(String method, String path) {
        try {
            var request = new MockHttpServletRequest(method, path);
            ServletRequestPathUtils.parseAndCache(request);
            return mappings().getHandler(request) != null;
        } catch (HttpMediaTypeNotSupportedException _) {
            return true;
        } catch (Exception _) {
            return false;
        }
    }

    /// Somebody new with all of today's votes, on the contest's page, whose player the test can listen to: the page
    /// keeps its `Audio` to itself.
    private static Page listener(String name) {
        var person = visitor.byCode(inbox, name + "@example.org");
        var context = browser.signedIn(urvote.address(), person);
        context.addInitScript(
                "const Sound = window.Audio; window.Audio = function () { return (window.heard = new Sound()); };");
        var page = context.newPage();
        page.navigate("/contests/%d?sort=title".formatted(contest));
        return page;
    }

    private static double heard(Page page) {
        return ((Number) page.evaluate("() => window.heard.currentTime")).doubleValue();
    }

    private static void goesOnPlaying(Page page) {
        var before = heard(page);
        await().until(() -> heard(page) > before + 0.3);
        assertThat(page.evaluate("() => window.heard.paused")).isEqualTo(false);
    }

    private static Locator card(Page page) {
        return page.locator("#song-" + song);
    }

    private static void hasVotesLeft(Page page, int votes) {
        assertThat(page.locator("[data-votes-left-count]")).hasText(Integer.toString(votes));
    }

    @Test
    void aSongPlaysOnWhileOneVotesForIt() {
        var page = listener("listener");
        var card = card(page);
        var vote = card.locator("[data-vote] button");
        var voted = card.getByText("Voted today");
        hasVotesLeft(page, 10);

        card.locator("[data-play]").click();
        goesOnPlaying(page);
        vote.click();

        assertThat(voted).isVisible();
        hasVotesLeft(page, 9);
        goesOnPlaying(page);

        card.getByRole(AriaRole.BUTTON, named("Take it back")).click();

        assertThat(voted).isHidden();
        hasVotesLeft(page, 10);
        goesOnPlaying(page);

        vote.click();
        assertThat(voted).isVisible();
        page.reload();

        assertThat(voted).isVisible();
        assertThat(vote).isHidden();
        hasVotesLeft(page, 9);
        page.context().close();
    }

    private static Locator.GetByRoleOptions named(String start) {
        return new Locator.GetByRoleOptions().setName(start);
    }

    @Test
    void everythingIsDoneByKeyboardAlone() {
        var page = listener("typist");
        var card = card(page);

        tabTo(page, "#song-%d [data-play]".formatted(song));
        page.keyboard().press("Space");
        goesOnPlaying(page);
        tabTo(page, "#song-%d [data-vote] button".formatted(song));
        page.keyboard().press("Enter");

        assertThat(card.getByText("Voted today")).isVisible();
        hasVotesLeft(page, 9);
        assertThat(card.locator("[data-unvote] button")).isFocused();
        goesOnPlaying(page);

        page.keyboard().press("Space");

        assertThat(card.locator("[data-vote] button")).isFocused();
        hasVotesLeft(page, 10);

        tabTo(page, "[data-player-toggle]");
        page.keyboard().press("Enter");

        assertThat(page.locator("[data-player-toggle]")).hasAttribute("data-state", "paused");
        assertThat(page.evaluate("() => window.heard.paused")).isEqualTo(true);
        page.context().close();
    }

    private static void tabTo(Page page, String selector) {
        for (var tabs = 0; tabs < 100; tabs++) {
            page.keyboard().press("Tab");
            if (Boolean.TRUE.equals(page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector))) {
                return;
            }
        }
        throw new AssertionError("A hundred times Tab do not lead to " + selector);
    }

    @Test
    void theLeaderboardMovesWhileOneLooks() {
        var page = browser.farAway(urvote.address()).newPage();
        page.navigate("/contests/%d/leaderboard".formatted(contest));
        assertThat(page.locator("[data-live]")).hasText("Live");
        var last = page.locator("[data-leaderboard] tbody tr").last();
        var moving = last.getAttribute("data-song");
        var row = page.locator("[data-leaderboard] tbody tr[data-song=\"%s\"]".formatted(moving));
        var before = Integer.parseInt(row.locator("[data-votes]").innerText());
        var total = Integer.parseInt(page.locator("[data-total]").innerText());

        var votes = 3;
        for (var number = 1; number <= votes; number++) {
            var vote = visitor.byCode(inbox, "elsewhere%d@example.org".formatted(number))
                    .postWith("/api/v1/songs/%s/votes".formatted(moving), "");
            assertThat(vote.status()).as(vote.text()).isEqualTo(201);
        }

        assertThat(row.locator("[data-votes]")).hasText(Integer.toString(before + votes));
        assertThat(page.locator("[data-total]")).hasText(Integer.toString(total + votes));
        var asOf = page.locator("[data-as-of]").innerText();
        assertThat(visitor.page("/contests/%d/leaderboard".formatted(contest)).text())
                .contains(">" + asOf + "</time>");
        page.context().close();
    }

    @Test
    void everythingButThePlayerWorksWithoutScripts() {
        var page = browser.withoutScripts(urvote.address()).newPage();
        page.navigate("/contests/" + contest);
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Sign in to vote"))
                .press("Enter");
        signInByCode(page, "plain@example.org");
        assertThat(page).hasURL(urvote.address() + "/contests/" + contest);
        hasVotesLeft(page, 10);

        card(page).locator("[data-vote] button").press("Enter");

        assertThat(card(page).getByText("Voted today")).isVisible();
        hasVotesLeft(page, 9);

        card(page).getByRole(AriaRole.BUTTON, named("Take it back")).press("Enter");

        hasVotesLeft(page, 10);

        submitLink(page, "Plain words");
        submitLink(page, "Plain noise");
        page.navigate("/me/songs");
        assertThat(page.locator(".status-pending")).hasCount(2);
        page.context().close();

        var moderator = browser.withoutScripts(urvote.address()).newPage();
        moderator.navigate("/sign-in?next=/clients/sound-of-chi/queue");
        signInByCode(moderator, Demo.address("moderator").toString());
        review(moderator, "Plain words")
                .getByRole(AriaRole.BUTTON, named("Approve"))
                .press("Enter");
        var noise = review(moderator, "Plain noise");
        noise.locator("summary").press("Enter");
        noise.getByLabel("Reason").fill("It is noise.");
        noise.getByRole(AriaRole.BUTTON, named("Reject Plain noise")).press("Enter");

        assertThat(review(moderator, "Plain")).hasCount(0);
        moderator.navigate("/contests/%d?q=Plain".formatted(contest));
        assertThat(moderator.locator(".song .song-title")).hasText("Plain words");
        moderator.context().close();
    }

    private static Locator review(Page page, String title) {
        return page.locator(".review").filter(new Locator.FilterOptions().setHasText(title));
    }

    private static void signInByCode(Page page, String email) {
        var before = inbox.to(email).size();
        page.getByLabel("E-mail").fill(email);
        page.getByText("Mail me a code").click();
        page.getByLabel("Code").fill(inbox.code(email, before + 1));
        page.locator("main").getByRole(AriaRole.BUTTON, named("Sign in")).click();
    }

    private static void submitLink(Page page, String title) {
        page.navigate("/contests/%d/submit".formatted(contest));
        page.getByText("A link").click();
        page.getByLabel("Link", new Page.GetByLabelOptions().setExact(true))
                .fill("https://www.youtube.com/watch?v=dQw4w9WgXcQ");
        page.getByLabel("Title").fill(title);
        page.getByLabel("Artist name").fill("Plain Jane");
        page.getByLabel("AI tools used").fill("None to speak of");
        page.getByLabel("I have the rights to this song").check();
        page.getByText("Submit the song").click();
        assertThat(page.locator("h1")).hasText(title);
    }
}
