package rocks.urvote.kernel;

import java.lang.reflect.Constructor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.support.JdbcUtils;

/// A record of each row, by the names of its components: `artistName` is the column `artist_name`.
///
/// Spring's own mapper first asks the driver for an id or an instant as such, which the driver does not know: an
/// exception for each value, which were most of what a list of songs cost.
final class RecordRows<T> implements RowMapper<T> {

    /// What the driver gives as such; all else is converted from what it gives unasked.
    private static final Set<Class<?>> KNOWN_TO_THE_DRIVER =
            Set.of(LocalDate.class, LocalDateTime.class, OffsetDateTime.class);

    private static final Map<Class<?>, RecordRows<?>> BY_KIND = new ConcurrentHashMap<>();

    private final Constructor<T> constructor;
    private final List<Part> parts;
    private final ConversionService conversions;

    private record Part(String column, TypeDescriptor type) {}

    private RecordRows(Class<T> kind, ConversionService conversions) {
        this.constructor = BeanUtils.getResolvableConstructor(kind);
        var components = kind.getRecordComponents();
        this.parts = IntStream.range(0, components.length)
                .mapToObj(i -> new Part(
                        JdbcUtils.convertPropertyNameToUnderscoreName(components[i].getName()),
                        new TypeDescriptor(new MethodParameter(constructor, i))))
                .toList();
        this.conversions = conversions;
    }

    static RecordRows<?> of(Class<?> kind, ConversionService conversions) {
        return BY_KIND.computeIfAbsent(kind, _ -> new RecordRows<>(kind, conversions));
    }

    @Override
    public T mapRow(ResultSet row, int number) throws SQLException {
        var values = new @Nullable Object[parts.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(row, parts.get(i));
        }
        return BeanUtils.instantiateClass(constructor, values);
    }

    private @Nullable Object value(ResultSet row, Part part) throws SQLException {
        int column = row.findColumn(part.column());
        var type = part.type().getType();
        if (type == String.class) {
            return row.getString(column);
        }
        if (KNOWN_TO_THE_DRIVER.contains(type)) {
            return row.getObject(column, type);
        }
        return conversions.convert(row.getObject(column), part.type());
    }
}
