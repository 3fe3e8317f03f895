package rocks.urvote.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A form as its page shows it: what was typed, and what is wrong with it.
public record Form(
        Map<String, String> values,
        List<Problem.FieldError> errors,
        @Nullable String problem) {

    public static final Form BLANK = new Form(Map.of(), List.of(), null);

    public Form {
        values = Map.copyOf(values);
        errors = List.copyOf(errors);
    }

    /// Filled in with what is there already; a missing value is an empty field.
    public static Form of(Map<String, ? extends @Nullable Object> values) {
        var given = new LinkedHashMap<String, String>();
        values.forEach((field, value) -> {
            if (value != null) {
                given.put(field, value.toString());
            }
        });
        return new Form(given, List.of(), null);
    }

    /// The same form, refused: each message at its field, and what belongs to none above all of them.
    public Form refused(Problem problem) {
        return new Form(values, problem.errors(), problem.errors().isEmpty() ? problem.detail() : null);
    }

    public boolean wrong() {
        return problem != null || !errors.isEmpty();
    }

    public String value(String field) {
        return values.getOrDefault(field, "");
    }

    public boolean is(String field, String value) {
        return value(field).equals(value);
    }

    public @Nullable String error(String field) {
        return errors.stream()
                .filter(error -> error.field().equals(field))
                .map(Problem.FieldError::message)
                .findFirst()
                .orElse(null);
    }
}
