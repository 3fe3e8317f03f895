package rocks.urvote.operations;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import rocks.urvote.operations.backups.BackupKeeping;

/// One line for each thing UrVote needs, with what to do where it is not as it should be. Changes nothing; an embedded
/// database that is not running is started and stopped again.
@CommandLine.Command(name = "check", description = "Checks settings, database, disk, clock and mail.")
final class Check implements Command {

    private static final long ENOUGH_BYTES = 1L << 30;
    private static final int MAIL_MILLIS = 5000;

    private final Shell shell;
    private final CheckReport report;

    Check(Shell shell) {
        this.shell = shell;
        this.report = new CheckReport(shell.out());
    }

    @Override
    public int run(Beans beans) {
        var settings = shell.settings();
        settings(settings);
        disks(settings);
        new DatabaseCheck(shell.application(), settings, report).run();
        mail(settings);
        outfits(settings);
        backups(Backups.of(settings));
        return report.stops() ? 1 : 0;
    }

    private void settings(Settings settings) {
        report.fine("settings: %s mode, served on port %d as %s"
                .formatted(settings.demo() ? "demo" : "production", settings.port(), settings.publicUrl()));
        if (!settings.demo() && settings.publicUrlIsLocal()) {
            report.doubtful(
                    "public address: links in mails lead to %s, which only this machine understands; set URVOTE_PUBLIC_URL"
                            .formatted(settings.publicUrl()));
        }
        if (settings.given(Setting.REPLICA_URL)) {
            report.doubtful("replica: nothing reads from URVOTE_REPLICA_URL yet");
        }
    }

    private void disks(Settings settings) {
        disk(settings.dataDir(), Setting.DATA_DIR, true);
        var backups = Backups.of(settings);
        disk(backups.uploads(), Setting.UPLOADS, true);
        if (backups.bucket().isEmpty()) {
            disk(backups.folder(), Setting.BACKUPS, false);
        }
    }

    /// Where it is not there yet, the folder it is to be made in.
    private void disk(Path folder, Setting setting, boolean needed) {
        try {
            var there = folder.toAbsolutePath();
            while (Files.notExists(there) && there.getParent() != null) {
                there = there.getParent();
            }
            Files.delete(Files.createTempFile(there, "check", ""));
            long free = there.toFile().getUsableSpace();
            var room = "disk: %s is writable, %,d MB free".formatted(folder, free >> 20);
            if (free < ENOUGH_BYTES) {
                report.doubtful(room + "; make room before uploads fail");
            } else {
                report.fine(room);
            }
        } catch (IOException e) {
            var why = "disk: nothing can be written to %s (%s); set %s to a folder of the user UrVote runs as"
                    .formatted(folder, e.getClass().getSimpleName(), setting.variable());
            if (needed) {
                report.stopping(why);
            } else {
                report.doubtful(why);
            }
        }
    }

    /// What the modules themselves have to say, of things their settings name.
    private void outfits(Settings settings) {
        for (var outfit : WholeDatabases.parts(shell.application(), Outfit.class)) {
            report.tell(outfit.look(settings.properties()));
        }
    }

    private void mail(Settings settings) {
        var server = settings.properties().get(Setting.SMTP_URL.property());
        if (server == null) {
            report.doubtful("mail: no server, so mails are written to %s; set URVOTE_SMTP_URL to send them"
                    .formatted(settings.dataDir().resolve("outbox")));
            return;
        }
        var url = URI.create(server.toString());
        int port = url.getPort() > 0 ? url.getPort() : "smtps".equals(url.getScheme()) ? 465 : 587;
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.getHost(), port), MAIL_MILLIS);
            report.fine("mail: %s:%d answers".formatted(url.getHost(), port));
        } catch (IOException e) {
            report.doubtful("mail: %s:%d does not answer (%s); look at URVOTE_SMTP_URL"
                    .formatted(url.getHost(), port, e.getMessage()));
        }
    }

    private void backups(Backups backups) {
        BackupKeeping.doubts(backups)
                .ifPresentOrElse(
                        doubt -> report.doubtful("backups: " + doubt),
                        () -> report.fine("backups: the newest in %s is proved".formatted(backups.place())));
    }
}
