package rocks.urvote.kernel;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What a transaction says of itself to the policies; each part may be missing, or nothing anybody knows.
record Identity(
        @Nullable String role,
        @Nullable Long user,
        @Nullable Long client) {

    /// Nobody has set anything.
    static final Identity NOBODY = new Identity(null, null, null);

    private static final List<String> ROLES = List.of(
            "visitor",
            "user",
            "user",
            "user",
            "member",
            "member",
            "owner",
            "owner",
            "admin",
            "sign_in",
            "lookup",
            "ballot_box",
            "chore",
            "",
            "ADMIN",
            "admin ",
            "postgres");

    static Identity any(RandomGenerator random) {
        return switch (random.nextInt(12)) {
            case 0 -> NOBODY;
            case 1 -> new Identity(any(ROLES, random), null, null);
            default ->
                new Identity(
                        any(ROLES, random),
                        random.nextInt(5) == 0 ? null : AttackStage.anyUser(random),
                        random.nextInt(3) == 0 ? null : AttackStage.anyClient(random));
        };
    }

    static <T> T any(List<T> all, RandomGenerator random) {
        return all.get(random.nextInt(all.size()));
    }

    boolean is(String... any) {
        return role != null && List.of(any).contains(role);
    }

    boolean isUser(Object id) {
        return id.equals(user);
    }

    /// Acts for this client, as one of these.
    boolean actsFor(Object id, String... any) {
        return is(any) && id.equals(client);
    }
}
