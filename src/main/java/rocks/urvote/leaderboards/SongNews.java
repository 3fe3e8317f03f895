package rocks.urvote.leaderboards;

import org.springframework.stereotype.Component;
import rocks.urvote.contests.ContestId;
import rocks.urvote.operations.News;

/// Hears from the trigger on songs that one came, went or has another name.
@Component
final class SongNews implements News {

    private final Boards boards;

    SongNews(Boards boards) {
        this.boards = boards;
    }

    @Override
    public String channel() {
        return "urvote_songs";
    }

    @Override
    public void hear(String payload) {
        boards.heardOf(new ContestId(Long.parseLong(payload)));
    }

    @Override
    public void catchUp() {
        boards.heardOfAnything();
    }
}
