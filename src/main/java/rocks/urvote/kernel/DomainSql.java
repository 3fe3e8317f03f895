package rocks.urvote.kernel;

import java.lang.reflect.Constructor;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.core.convert.converter.GenericConverter;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/// Lets domain values stand in SQL as they are, on the way in and on the way out: ids are numbers, instants are
/// `timestamptz`, the constants of an enum are its words in lower case.
final class DomainSql extends NamedParameterJdbcTemplate {

    DomainSql(DataSource dataSource) {
        super(dataSource);
    }

    @Override
    protected PreparedStatementCreator getPreparedStatementCreator(String sql, SqlParameterSource parameters) {
        return super.getPreparedStatementCreator(sql, new Unwrapped(parameters));
    }

    private record Unwrapped(SqlParameterSource parameters) implements SqlParameterSource {

        @Override
        public @Nullable Object getValue(String name) {
            return switch (parameters.getValue(name)) {
                case null -> null;
                case Id id -> id.value();
                case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
                case Instant instant -> instant.atOffset(ZoneOffset.UTC);
                case Object plain -> plain;
            };
        }

        @Override
        public boolean hasValue(String name) {
            return parameters.hasValue(name);
        }

        @Override
        public int getSqlType(String name) {
            return parameters.getSqlType(name);
        }
    }

    static ConversionService conversions() {
        var conversions = new DefaultConversionService();
        conversions.addConverter(new NumbersToIds());
        conversions.addConverterFactory(new WordsToConstants());
        conversions.addConverter(OffsetDateTime.class, Instant.class, OffsetDateTime::toInstant);
        conversions.addConverter(Timestamp.class, Instant.class, Timestamp::toInstant);
        conversions.addConverter(PGobject.class, String.class, object -> Objects.toString(object.getValue(), ""));
        return conversions;
    }

    private static final class NumbersToIds implements GenericConverter {

        private static final ClassValue<Constructor<?>> CONSTRUCTORS = new ClassValue<>() {
            @Override
            protected Constructor<?> computeValue(Class<?> kind) {
                try {
                    return kind.getConstructor(long.class);
                } catch (NoSuchMethodException e) {
                    throw new IllegalStateException("%s needs a public constructor taking a long".formatted(kind), e);
                }
            }
        };

        @Override
        public Set<ConvertiblePair> getConvertibleTypes() {
            return Set.of(new ConvertiblePair(Long.class, Id.class));
        }

        @Override
        public @Nullable Object convert(@Nullable Object value, TypeDescriptor from, TypeDescriptor to) {
            if (value == null) {
                return null;
            }
            try {
                return CONSTRUCTORS.get(to.getType()).newInstance(value);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("%s is no %s".formatted(value, to), e);
            }
        }
    }

    @SuppressWarnings("rawtypes")
    private static final class WordsToConstants implements ConverterFactory<String, Enum> {

        @Override
        @SuppressWarnings("unchecked")
        public <T extends Enum> Converter<String, T> getConverter(Class<T> kind) {
            return word -> (T) Enum.valueOf((Class) kind, word.toUpperCase(Locale.ROOT));
        }
    }
}
