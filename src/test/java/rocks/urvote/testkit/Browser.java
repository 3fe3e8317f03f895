package rocks.urvote.testkit;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A Chromium of this machine, that people of a test look at UrVote with. Each has a context of their own: cookies,
/// storage, tabs.
public final class Browser implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--mute-audio",
            "--autoplay-policy=no-user-gesture-required");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    private Browser(Playwright playwright, com.microsoft.playwright.Browser chromium) {
        this.playwright = playwright;
        this.chromium = chromium;
    }

    public static Browser start() {
        var executable = installed()
                .or(Browser::install)
                .orElseThrow(() -> new IllegalStateException(
                        "The tests of the pages need Chromium on the PATH: on Debian `apt install chromium`, elsewhere"
                                + " Chromium or Google Chrome as your system offers it."));
        var playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        return new Browser(
                playwright,
                playwright
                        .chromium()
                        .launch(new LaunchOptions()
                                .setExecutablePath(executable)
                                .setArgs(ARGUMENTS)));
    }

    /// For a visitor of this address.
    public BrowserContext visitor(URI address) {
        return chromium.newContext(at(address));
    }

    /// For a visitor whose clock shows another day, most of the time.
    public BrowserContext farAway(URI address) {
        return chromium.newContext(at(address).setTimezoneId("Pacific/Auckland"));
    }

    /// For a visitor who does not let pages run scripts.
    public BrowserContext withoutScripts(URI address) {
        return chromium.newContext(at(address).setJavaScriptEnabled(false));
    }

    /// For somebody who is signed in.
    public BrowserContext signedIn(URI address, Api person) {
        var context = visitor(address);
        context.addCookies(List.of(new Cookie("access", person.token()).setUrl(address.toString())));
        return context;
    }

    private static NewContextOptions at(URI address) {
        return new NewContextOptions()
                .setBaseURL(address.toString())
                .setViewportSize(1280, 900)
                .setReducedMotion(ReducedMotion.REDUCE);
    }

    private static Optional<Path> installed() {
        return NAMES.stream().flatMap(Browser::onThePath).findFirst();
    }

    private static Stream<Path> onThePath(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "/usr/bin").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable);
    }

    /// On a Debian machine, by root, who may: so that `mvn verify` is one command there.
    private static Optional<Path> install() {
        if (!"root".equals(System.getProperty("user.name"))
                || onThePath("apt-get").findAny().isEmpty()) {
            return Optional.empty();
        }
        System.out.println("Installing chromium for the tests of the pages, by apt-get ...");
        run("apt-get", "update", "-q");
        run("apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium");
        return installed();
    }

    private static void run(String... command) {
        try {
            var process = new ProcessBuilder(command).inheritIO();
            process.environment().put("DEBIAN_FRONTEND", "noninteractive");
            process.start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while installing chromium", e);
        }
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
