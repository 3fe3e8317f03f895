-- Once a statement, not for every row: see V7.
alter policy tallies_are_kept_by_the_ballot_box on song_tallies
    using ((select contest.acting_role()) = 'ballot_box');
alter policy tallies_are_read_for_leaderboards on song_tallies
    using ((select contest.acting_role()) in ('admin', 'lookup', 'chore'));
