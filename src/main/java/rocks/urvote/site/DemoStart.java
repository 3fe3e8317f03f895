package rocks.urvote.site;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import rocks.urvote.identity.People;
import rocks.urvote.operations.FirstStart;
import rocks.urvote.operations.Greeting;

/// In demo mode: fills an empty database, and says at the start how to get in.
@Component
class DemoStart implements FirstStart, Greeting {

    /// Known to everyone who reads this: good for a demo on one's own machine, and nowhere else.
    static final String PASSWORD = "listen-and-vote";

    private final Demo demo;
    private final People people;
    private final String mode;

    DemoStart(Demo demo, People people, @Value("${urvote.mode:production}") String mode) {
        this.demo = demo;
        this.people = people;
        this.mode = mode;
    }

    @Override
    public void onEmptyDatabase(Consumer<String> progress) throws IOException {
        demo.load(PASSWORD, progress);
    }

    @Override
    public List<String> lines() {
        if (!mode.equals("demo") || people.withEmail(Demo.address("admin")).isEmpty()) {
            return List.of();
        }
        return List.of(
                "Demo accounts: admin@, owner@, moderator@, artist@, voter1@ to voter24@demo.urvote.example",
                "               password " + PASSWORD);
    }
}
