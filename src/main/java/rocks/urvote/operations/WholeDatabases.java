package rocks.urvote.operations;

import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.util.ClassUtils;

/// Reaches them as the migrations do.
final class WholeDatabases implements Databases {

    private final Class<?> application;
    private final Optional<Path> folder;
    private final Supplier<DatabaseUrl> own;

    WholeDatabases(Class<?> application, Optional<Path> folder, Supplier<DatabaseUrl> own) {
        this.application = application;
        this.folder = folder;
        this.own = own;
    }

    static WholeDatabases of(Class<?> application, Settings settings, Supplier<DatabaseUrl> own) {
        return new WholeDatabases(
                application,
                settings.databaseUrl().isPresent()
                        ? Optional.empty()
                        : Optional.of(settings.dataDir().resolve("postgres")),
                own);
    }

    @Override
    public DatabaseUrl own() {
        return own.get();
    }

    @Override
    public Optional<Path> folder() {
        return folder;
    }

    @Override
    public Connection connect(DatabaseUrl url) {
        return migrations(url).connect();
    }

    @Override
    public void migrateTo(Map<String, String> versions, DatabaseUrl url) {
        migrations(url).runTo(versions);
    }

    @Override
    public void migrate(DatabaseUrl url) {
        migrations(url).runForRestored();
    }

    private static Migrations migrations(DatabaseUrl url) {
        return new Migrations(url, Optional.empty());
    }

    @Override
    public <T> List<T> parts(Class<T> kind) {
        return parts(application, kind);
    }

    static <T> List<T> parts(Class<?> application, Class<T> kind) {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AssignableTypeFilter(kind));
        var parts = new ArrayList<T>();
        try {
            for (var found : scanner.findCandidateComponents(application.getPackageName())) {
                Constructor<?> constructor = ClassUtils.forName(
                                String.valueOf(found.getBeanClassName()), application.getClassLoader())
                        .getDeclaredConstructor();
                constructor.setAccessible(true);
                parts.add(kind.cast(constructor.newInstance()));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Each %s has a constructor without parameters".formatted(kind), e);
        }
        parts.sort(Comparator.comparing(part -> part.getClass().getName()));
        return parts;
    }
}
