package rocks.urvote.operations;

import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Understands one command line: settings among the flags, the commands of all modules, help, and failures in one line.
final class Shell {

    private final Class<?> application;
    private final Map<String, String> environment;
    private final Path workingDirectory;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Map<Setting, String> flags = new EnumMap<>(Setting.class);
    private boolean verbose;
    private @Nullable Settings settings;

    Shell(
            Class<?> application,
            Map<String, String> environment,
            Path workingDirectory,
            PrintWriter out,
            PrintWriter err) {
        this.application = application;
        this.environment = environment;
        this.workingDirectory = workingDirectory;
        this.out = out;
        this.err = err;
    }

    int run(String... arguments) {
        try {
            var commandLine = commandLine();
            return commandLine.execute(withoutSettings(arguments).toArray(String[]::new));
        } catch (Exception e) {
            return failed(e);
        }
    }

    Class<?> application() {
        return application;
    }

    PrintWriter out() {
        return out;
    }

    PrintWriter err() {
        return err;
    }

    /// Read when first asked for, so that help never stumbles over a setting.
    Settings settings() {
        if (settings == null) {
            settings = Settings.read(environment, workingDirectory, flags);
            settings.warnings().forEach(warning -> err.println("warning: " + warning));
        }
        return settings;
    }

    /// Says what is under way.
    void progress(String step) {
        out.println("  " + step);
        out.flush();
    }

    /// Takes the settings and `--verbose` out of the arguments, wherever they stand.
    private List<String> withoutSettings(String... arguments) {
        var rest = new ArrayList<String>();
        for (int i = 0; i < arguments.length; i++) {
            var argument = arguments[i];
            if (argument.equals("--")) {
                rest.addAll(Arrays.asList(arguments).subList(i, arguments.length));
                break;
            }
            int equals = argument.indexOf('=');
            var flag = equals < 0 ? argument : argument.substring(0, equals);
            var setting = Setting.ofFlag(flag);
            if (argument.equals("--verbose")) {
                verbose = true;
            } else if (setting.isPresent()) {
                if (equals < 0 && i + 1 == arguments.length) {
                    throw new WrongUsage("%s needs a value: %s=...".formatted(flag, flag));
                }
                flags.put(setting.get(), equals < 0 ? arguments[++i] : argument.substring(equals + 1));
            } else if (flag.regionMatches(true, 0, "--urvote", 0, "--urvote".length())) {
                throw new WrongUsage("%s is no setting of UrVote; .env.example lists them".formatted(flag));
            } else {
                rest.add(argument);
            }
        }
        return rest;
    }

    private CommandLine commandLine() throws ClassNotFoundException {
        var root = new CommandLine(CommandSpec.create().name("urvote"));
        root.getCommandSpec()
                .mixinStandardHelpOptions(true)
                .version("UrVote " + version())
                .usageMessage()
                .description("Contests for AI music whose results people can trust.")
                .footer(
                        "",
                        "Every setting of .env.example is an option of every command too: --port 8081.",
                        "--verbose shows the whole story of a failure. Exit codes: 0 done, 1 failed, 2 wrong usage.");
        for (var type : commandTypes()) {
            add(root, new CommandLine(type, new Making()));
        }
        root.setOut(out);
        root.setErr(err);
        root.setExecutionStrategy(this::execute);
        root.setParameterExceptionHandler((e, _) -> {
            var of = e.getCommandLine().getCommandSpec().qualifiedName();
            err.println("%s: %s (%s --help says more)".formatted(of, oneLine(e.getMessage()), of));
            return 2;
        });
        root.setExecutionExceptionHandler((e, _, _) -> failed(e));
        return root;
    }

    private List<Class<?>> commandTypes() throws ClassNotFoundException {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(CommandLine.Command.class));
        var types = new ArrayList<Class<?>>();
        for (BeanDefinition found : scanner.findCandidateComponents(application.getPackageName())) {
            types.add(ClassUtils.forName(String.valueOf(found.getBeanClassName()), application.getClassLoader()));
        }
        types.sort(Comparator.comparing(
                type -> type.getAnnotation(CommandLine.Command.class).name()));
        return types;
    }

    /// Puts `admin create` as `create` into the group `admin`.
    private static void add(CommandLine root, CommandLine command) {
        var words = command.getCommandName().split(" ", 2);
        command.getCommandSpec().mixinStandardHelpOptions(true);
        if (words.length == 1) {
            root.addSubcommand(words[0], command);
            return;
        }
        var group = root.getSubcommands().get(words[0]);
        if (group == null) {
            group = new CommandLine(CommandSpec.create().name(words[0]));
            group.getCommandSpec().mixinStandardHelpOptions(true);
            root.addSubcommand(words[0], group);
        }
        command.setCommandName(words[1]);
        group.addSubcommand(words[1], command);
    }

    private int execute(ParseResult parsed) {
        var help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        var last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (!(last.commandSpec().userObject() instanceof Command command)) {
            last.commandSpec().commandLine().usage(err);
            return 2;
        }
        try {
            settings();
            try (var beans = new Started()) {
                return command.run(beans);
            }
        } catch (ParameterException e) {
            throw e;
        } catch (Exception e) {
            return failed(e);
        }
    }

    private int failed(Throwable failure) {
        Logs.failure(failure);
        err.println("urvote: " + line(failure));
        if (verbose) {
            failure.printStackTrace(err);
        }
        err.flush();
        return failure instanceof WrongUsage ? 2 : 1;
    }

    /// The sentence meant for the operator, wherever in the chain of causes it is; else the last word on the matter.
    private String line(Throwable failure) {
        var deepest = failure;
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Command.Failed
                    || cause instanceof WrongUsage
                    || cause instanceof EmbeddedPostgresException) {
                return oneLine(cause.getMessage());
            }
            if (cause instanceof PortInUseException taken) {
                return "%s must be a free port, but %d is in use"
                        .formatted(
                                settings != null && taken.getPort() == settings.managementPort()
                                        ? "URVOTE_MANAGEMENT_PORT"
                                        : "URVOTE_PORT",
                                taken.getPort());
            }
            deepest = cause;
        }
        return "%s: %s%s"
                .formatted(
                        deepest.getClass().getSimpleName(),
                        oneLine(deepest.getMessage()),
                        verbose ? "" : " (--verbose shows the whole story)");
    }

    private static String oneLine(@Nullable String message) {
        return message == null ? "no reason given" : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static String version() {
        return Optional.ofNullable(Shell.class.getPackage().getImplementationVersion())
                .orElse("(not from a jar)");
    }

    /// Makes a command: with this shell where its constructor asks for it.
    private final class Making implements CommandLine.IFactory {

        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (Arrays.equals(constructor.getParameterTypes(), new Class<?>[] {Shell.class})) {
                    constructor.setAccessible(true);
                    return type.cast(constructor.newInstance(Shell.this));
                }
            }
            return CommandLine.defaultFactory().create(type);
        }
    }

    /// Starts the application with the first bean asked for and stops it after the command. The owner's database, whole
    /// databases and what is set of backups need no application.
    private final class Started implements Beans, AutoCloseable {

        private @Nullable Serving serving;
        private @Nullable OwnersConnection owner;
        private @Nullable Database database;

        @Override
        public <T> T get(Class<T> type) {
            if (type == Backups.class) {
                return type.cast(Backups.of(settings()));
            }
            if (type == Databases.class) {
                Logs.toFile(settings().dataDir(), "commands.log");
                return type.cast(WholeDatabases.of(
                        application, settings(), () -> database().url()));
            }
            if (type == Premises.class) {
                return type.cast(Premises.ofOwner(settings(), database().url()));
            }
            if (type == OwnersDatabase.class) {
                return type.cast(owner());
            }
            if (serving == null) {
                Logs.toFile(settings().dataDir(), "commands.log");
                serving = Serving.forCommand(application, settings(), _ -> {});
            }
            return serving.context().getBean(type);
        }

        private OwnersConnection owner() {
            if (owner == null) {
                Logs.toFile(settings().dataDir(), "commands.log");
                owner = OwnersConnection.open(settings());
            }
            return owner;
        }

        private Database database() {
            if (database == null) {
                database = Database.shared(settings(), _ -> {});
            }
            return database;
        }

        @Override
        public void close() {
            try (var _ = database;
                    var _ = owner) {
                if (serving != null) {
                    serving.close();
                }
            }
        }
    }
}
