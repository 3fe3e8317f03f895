package rocks.urvote.songs;

import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;
import rocks.urvote.identity.Mailbox;
import rocks.urvote.identity.Mailbox.Mail;
import rocks.urvote.identity.People;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.web.WebSettings;

/// Tells the artist what became of a song.
@Component
class SongMails {

    private final StoredSongs songs;
    private final People people;
    private final Mailbox mailbox;
    private final Transactions transactions;
    private final WebSettings settings;

    SongMails(StoredSongs songs, People people, Mailbox mailbox, Transactions transactions, WebSettings settings) {
        this.songs = songs;
        this.people = people;
        this.mailbox = mailbox;
        this.transactions = transactions;
        this.settings = settings;
    }

    @ApplicationModuleListener
    void approved(SongApproved fact) {
        tell(fact.song(), "approved", """
            your song "%s" is approved. Everyone can hear it now:

            %s
            """);
    }

    @ApplicationModuleListener
    void rejected(SongRejected fact) {
        tell(fact.song(), "not approved", """
            your song "%%s" was not approved. The moderator wrote:

            %s

            You can fix the song and send it again:

            %%s
            """.formatted(
                        fact.reason().replace("%", "%%").indent(4).stripTrailing()));
    }

    private void tell(SongId id, String outcome, String words) {
        transactions
                .as(Acting.CHORE, () -> songs.find(id))
                .ifPresent(song -> people.find(song.artist())
                        .ifPresent(artist -> mailbox.send(new Mail(
                                artist.email(),
                                "Your song “%s” is %s".formatted(song.title(), outcome),
                                "Hello %s,\n\n".formatted(artist.username())
                                        + words.formatted(song.title(), settings.link("/songs/" + id.value()))))));
    }
}
