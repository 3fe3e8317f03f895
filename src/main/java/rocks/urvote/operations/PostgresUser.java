package rocks.urvote.operations;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// As whom PostgreSQL's programs run. PostgreSQL refuses root, so under root they get another identity:
///
/// 1. a user namespace of their own (`unshare -U`): inside they are nobody, outside the files stay root's,
///    so it works below root's home too. Some containers do not allow it.
/// 2. the folder's owner, where that is not root, else the user `postgres` or `nobody` (`setpriv`, else `runuser`):
///    the folder becomes theirs and must be reachable for them.
///
/// @param before what stands before the program on the command line
/// @param owner  whose the files have to be; absent where they are right as they are
record PostgresUser(List<String> before, @Nullable Owner owner) {

    private static final Redirect NOTHING = Redirect.from(new File("/dev/null"));

    record Owner(int user, int group) {}

    /// The first identity under which `program` runs and the files in `folder` are its own.
    static PostgresUser forFolder(Path folder, String program) throws IOException {
        if (!isRoot()) return new PostgresUser(List.of(), null);
        var failures = new ArrayList<String>();
        for (var candidate : candidates(folder)) {
            var failure = candidate.failure(program);
            if (failure.isEmpty()) {
                candidate.give(folder);
                return candidate;
            }
            failures.add(failure.get());
        }
        throw new EmbeddedPostgresException(
                "PostgreSQL does not run as root, and no other way was open here (%s; %s): start UrVote as an ordinary user, or set URVOTE_DATA_DIR to a folder that others than root can reach, or set URVOTE_DATABASE_URL."
                        .formatted(failures.getFirst(), failures.getLast()));
    }

    static boolean isRoot() throws IOException {
        return ownerOf(Path.of("/proc/self")).user() == 0;
    }

    /// A program to be started as this user, with none of the caller's `PG...` settings in its environment.
    ProcessBuilder program(String... programAndArguments) {
        var command = new ArrayList<>(before);
        command.addAll(List.of(programAndArguments));
        var program = new ProcessBuilder(command);
        program.environment().keySet().removeIf(name -> name.startsWith("PG"));
        program.environment().put("LC_ALL", "C");
        return program.redirectErrorStream(true).redirectInput(NOTHING);
    }

    /// Runs a program as this user, to its end.
    Ended run(String... programAndArguments) throws IOException {
        var program = program(programAndArguments).start();
        var output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Ended(program.waitFor(), output.strip());
        } catch (InterruptedException e) {
            program.destroy();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while " + programAndArguments[0] + " ran");
        }
    }

    record Ended(int code, String output) {

        String lastLine() {
            return output.substring(output.lastIndexOf('\n') + 1);
        }
    }

    /// Makes a file, or a folder and all in it, this user's.
    void give(Path path) throws IOException {
        if (owner == null || !Files.exists(path)) return;
        try (var all = Files.walk(path)) {
            for (var each : (Iterable<Path>) all::iterator) {
                if (Files.isSymbolicLink(each) || ownerOf(each).equals(owner)) continue;
                Files.setAttribute(each, "unix:gid", owner.group(), LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(each, "unix:uid", owner.user(), LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private static List<PostgresUser> candidates(Path folder) throws IOException {
        var owner = ownerOf(folder);
        if (owner.user() != 0) return as(owner);
        var all = new ArrayList<PostgresUser>();
        all.add(new PostgresUser(List.of("unshare", "-U"), null));
        var parent = folder.toAbsolutePath().getParent();
        if (parent != null && ownerOf(parent).user() != 0) all.addAll(as(ownerOf(parent)));
        for (var name : List.of("postgres", "nobody")) {
            var user = named(name);
            if (user.isEmpty()) continue;
            all.addAll(as(user.get()));
            all.add(new PostgresUser(List.of("runuser", "-u", name, "--"), user.get()));
        }
        return all;
    }

    private static List<PostgresUser> as(Owner owner) {
        return List.of(new PostgresUser(
                List.of("setpriv", "--reuid=" + owner.user(), "--regid=" + owner.group(), "--clear-groups"), owner));
    }

    private static Optional<Owner> named(String name) throws IOException {
        try (var users = Files.lines(Path.of("/etc/passwd"))) {
            return users.map(line -> line.split(":", -1))
                    .filter(user -> user.length > 3 && user[0].equals(name))
                    .map(user -> new Owner(Integer.parseInt(user[2]), Integer.parseInt(user[3])))
                    .findFirst();
        }
    }

    private Optional<String> failure(String program) {
        try {
            var version = run(program, "--version");
            return version.code() == 0
                    ? Optional.empty()
                    : Optional.of("%s: %s".formatted(String.join(" ", before), version.lastLine()));
        } catch (IOException e) {
            return Optional.of("%s is not installed".formatted(before.getFirst()));
        }
    }

    private static Owner ownerOf(Path path) throws IOException {
        return new Owner((int) Files.getAttribute(path, "unix:uid"), (int) Files.getAttribute(path, "unix:gid"));
    }
}
