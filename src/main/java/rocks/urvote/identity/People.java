package rocks.urvote.identity;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.UserId;

/// What other services may ask about people. Answers in batches; whom it does not know is missing from the answer.
public interface People {

    record Person(UserId id, String username, EmailAddress email, boolean verified, boolean active, Instant since) {}

    Map<UserId, Person> find(Collection<UserId> people);

    Optional<Person> withEmail(EmailAddress address);

    /// Without regard to case.
    Optional<Person> named(String username);

    default Optional<Person> find(UserId person) {
        return Optional.ofNullable(find(java.util.Set.of(person)).get(person));
    }
}
