package rocks.urvote.operations;

import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;

@CommandLine.Command(name = "serve", description = "Serves UrVote until it is stopped.")
final class Serve implements Command {

    private final Shell shell;

    Serve(Shell shell) {
        this.shell = shell;
    }

    @Override
    public int run(Beans beans) throws InterruptedException {
        var settings = shell.settings();
        if (settings.demo()) {
            Logs.toFile(settings.dataDir(), "urvote.log");
        } else {
            Logs.toOutput();
        }
        var serving = Serving.start(
                shell.application(),
                settings,
                shell::progress,
                started -> Runtime.getRuntime()
                        .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(started::close)));
        greet(serving);
        new CountDownLatch(1).await();
        return 0;
    }

    private void greet(Serving serving) {
        var settings = serving.settings();
        var out = shell.out();
        out.println();
        out.println("  UrVote is ready at " + settings.publicUrl());
        out.println();
        if (!settings.publicUrl().equals(serving.address().toString())) {
            row("served at", serving.address().toString());
        }
        row("health, metrics", serving.management() + "/health/ready, /metrics");
        if (!settings.given(Setting.SMTP_URL)) {
            row("mails", settings.dataDir().resolve("outbox").toString());
        }
        if (settings.demo()) {
            row("log", settings.dataDir().resolve("logs/urvote.log").toString());
        }
        if (settings.given(Setting.REPLICA_URL)) {
            row("replica", "nothing reads from URVOTE_REPLICA_URL yet");
        }
        serving.context().getBeanProvider(Greeting.class).orderedStream().forEach(greeting -> {
            out.println();
            greeting.lines().forEach(line -> out.println("  " + line));
        });
        out.println();
        out.println("  Press Ctrl-C to stop.");
        out.flush();
    }

    private void row(String what, String where) {
        shell.out().println("  %-16s %s".formatted(what, where));
    }
}
