package rocks.urvote.operations;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rocks.urvote.operations.tuning.Parameter;

/// What pgBackRest and a PostgreSQL have to know of each other, so that every piece of the journal is kept and the
/// server can be made anew as it was at any moment. `docs/recovery.md` says how.
///
/// @param data          the server's data folder
/// @param sockets       the folder of the server's socket, where it is not the usual one
/// @param processes     that compress at the same time
/// @param repository    the path of a folder, or `s3://...`
/// @param configuration the file of pgBackRest's configuration, where it is not one that it looks for
/// @param full          how many full backups are kept
/// @param timeout       after how many seconds a piece of the journal is archived that is not full
record PgBackRest(
        String stanza,
        Path data,
        int port,
        Optional<Path> sockets,
        int processes,
        String repository,
        Optional<Path> configuration,
        int full,
        int timeout) {

    /// The text of `pgbackrest.conf`.
    String file() {
        var text = new StringBuilder("""
            # pgBackRest for the PostgreSQL of UrVote. Made by 'urvote database archive --print'; what follows stands in
            # docs/recovery.md.

            [global]
            """);
        text.append(place());
        text.append("""
            # So many full backups, with what was built on them, and the journal since the oldest of them.
            repo1-retention-full=%d
            # Many small files as few large ones.
            repo1-bundle=y
            compress-type=zst
            process-max=%d
            # A backup begins with a checkpoint of its own, instead of waiting for the next.
            start-fast=y

            [global:restore]
            # Only what differs is written.
            delta=y

            [%s]
            pg1-path=%s
            pg1-port=%d
            """.formatted(full, processes, stanza, data, port));
        sockets.ifPresent(
                folder -> text.append("pg1-socket-path=").append(folder).append('\n'));
        return text.toString();
    }

    private String place() {
        if (!BucketUrl.is(repository)) {
            return """
                # Another disk than the server's, or another machine's: what is lost with the server helps nobody.
                repo1-path=%s
                """.formatted(repository);
        }
        var url = BucketUrl.parse(repository);
        var region = url.region().orElse("us-east-1");
        return """
            repo1-type=s3
            repo1-path=/%s
            repo1-s3-bucket=%s
            repo1-s3-endpoint=%s
            repo1-s3-region=%s
            %s# To be added by you:
            # repo1-s3-key=...
            # repo1-s3-key-secret=...
            # The journal is sent while the server goes on.
            archive-async=y
            """.formatted(
                        url.prefix().replaceFirst("/$", ""),
                        url.bucket(),
                        url.endpoint().map(PgBackRest::hostAndPort).orElse("s3.%s.amazonaws.com".formatted(region)),
                        region,
                        url.endpoint().isPresent() ? "repo1-s3-uri-style=path\n" : "");
    }

    private static String hostAndPort(URI endpoint) {
        return endpoint.getPort() < 0 ? endpoint.getHost() : endpoint.getHost() + ":" + endpoint.getPort();
    }

    /// @param journal the server's `wal_level`
    List<Parameter> parameters(String journal) {
        var all = new ArrayList<Parameter>();
        if (journal.equals("minimal")) {
            all.add(parameter("wal_level", "replica", "The journal has to hold all that a restore needs."));
        }
        all.add(new Parameter(
                "archive_mode",
                "on",
                Parameter.Fit.NOT_OFF,
                true,
                "Each piece of the journal is kept before the server uses it again."));
        all.add(parameter(
                "archive_command",
                "pgbackrest%s --stanza=%s archive-push %%p"
                        .formatted(
                                configuration.map(file -> " --config=" + file).orElse(""), stanza),
                "Gives it to pgBackRest."));
        all.add(parameter(
                "archive_timeout",
                timeout + "s",
                "So much is lost at most, when the server's disk is: in quiet hours too a piece is not held"
                        + " back longer."));
        return all;
    }

    private static Parameter parameter(String name, String value, String reason) {
        return new Parameter(name, value, Parameter.Fit.EXACTLY, true, reason);
    }

    /// To be included by `postgresql.conf`.
    String serverFile(String journal) {
        var text = new StringBuilder("# PostgreSQL gives its journal to pgBackRest. Made by 'urvote database archive"
                + " --print=postgresql'.\n");
        parameters(journal).forEach(parameter -> text.append('\n').append(parameter.line()));
        return text.toString();
    }
}
