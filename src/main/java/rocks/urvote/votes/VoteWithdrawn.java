package rocks.urvote.votes;

import java.time.Instant;
import rocks.urvote.contests.ContestId;
import rocks.urvote.kernel.Fact;
import rocks.urvote.kernel.UserId;
import rocks.urvote.songs.SongId;

public record VoteWithdrawn(VoteId vote, SongId song, ContestId contest, UserId voter, Instant at) implements Fact {}
