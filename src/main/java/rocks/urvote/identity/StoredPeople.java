package rocks.urvote.identity;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.EmailAddress;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;

@Component
class StoredPeople implements People {

    private final Transactions transactions;
    private final Users users;

    StoredPeople(Transactions transactions, Users users) {
        this.transactions = transactions;
        this.users = users;
    }

    @Override
    public Map<UserId, Person> find(Collection<UserId> people) {
        if (people.isEmpty()) {
            return Map.of();
        }
        return transactions.as(Acting.LOOKUP, () -> users.find(people)).stream()
                .map(StoredPeople::person)
                .collect(Collectors.toMap(Person::id, Function.identity()));
    }

    @Override
    public Optional<Person> withEmail(EmailAddress address) {
        return transactions.as(Acting.LOOKUP, () -> users.inMailbox(address)).map(StoredPeople::person);
    }

    @Override
    public Optional<Person> named(String username) {
        return transactions.as(Acting.LOOKUP, () -> users.named(username)).map(StoredPeople::person);
    }

    private static Person person(User user) {
        return new Person(
                user.id(), user.username(), user.email(), user.emailVerified(), user.isActive(), user.createdAt());
    }
}
