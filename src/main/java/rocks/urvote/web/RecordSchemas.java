package rocks.urvote.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.jackson.TypeNameResolver;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Our records as schemas, just as they are written and read: snake_case names, enum words in small letters, `null`
/// where a component says so and required where it does not.
final class RecordSchemas extends ModelResolver {

    private static final SnakeCaseStrategy NAMES = new SnakeCaseStrategy();

    private static final class Names extends TypeNameResolver {

        @Override
        protected String nameForGenericType(JavaType type, Set<Options> options) {
            return type.hasRawClass(Slice.class)
                    ? "ListOf" + nameForType(type.containedType(0), options)
                    : super.nameForGenericType(type, options);
        }
    }

    RecordSchemas() {
        super(Json31.mapper().copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE), new Names());
        openapi31(true);
    }

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> next) {
        Schema<?> schema = super.resolve(type, context, next);
        var kind = _mapper.constructType(type.getType()).getRawClass();
        if (schema != null && kind.isEnum() && schema.getEnum() != null) {
            inSmallLetters(schema, kind);
        }
        if (schema != null && kind.isRecord() && kind.getName().startsWith("rocks.urvote.")) {
            Schema<?> model = schema.get$ref() == null
                    ? schema
                    : context.getDefinedModels()
                            .get(schema.get$ref().substring(schema.get$ref().lastIndexOf('/') + 1));
            if (model != null && model.getProperties() != null) {
                tellWhatIsThere(kind, model);
            }
        }
        return schema;
    }

    @SuppressWarnings("unchecked")
    private static void inSmallLetters(Schema<?> words, Class<?> kind) {
        ((Schema<Object>) words)
                .setEnum(Arrays.stream(kind.getEnumConstants())
                        .<Object>map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    private static void tellWhatIsThere(Class<?> kind, Schema<?> model) {
        for (var component : kind.getRecordComponents()) {
            var name = NAMES.translate(component.getName());
            if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
                tellWhatIsThere(component.getType(), model);
            } else if (model.getProperties().containsKey(name)
                    && !component.getAccessor().isAnnotationPresent(JsonInclude.class)) {
                if (!mayBeNull(component)) {
                    model.addRequiredItem(name);
                } else if (model.getRequired() == null || !model.getRequired().contains(name)) {
                    model.getProperties().compute(name, (_, property) -> orNull(property));
                }
            }
        }
    }

    private static boolean mayBeNull(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static Schema<?> orNull(Schema<?> schema) {
        if (schema.get$ref() != null) {
            return new JsonSchema().anyOf(List.of(schema, new JsonSchema().types(Set.of("null"))));
        }
        if (schema.getEnum() == null && schema.getTypes() != null) {
            var types = new LinkedHashSet<>(schema.getTypes());
            types.add("null");
            schema.setTypes(types);
        }
        return schema;
    }
}
