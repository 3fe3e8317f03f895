-- No oftener than a statement needs it: see V47.
set local lock_timeout = '5s';
drop policy tallies_are_kept_by_the_ballot_box on song_tallies;
drop policy tallies_are_read_for_leaderboards on song_tallies;
create policy tallies_are_begun_by_the_ballot_box on song_tallies for insert
    with check ((select contest.acting_role()) = 'ballot_box');
create policy tallies_are_kept_by_the_ballot_box on song_tallies for update
    using ((select contest.acting_role()) = 'ballot_box');
create policy tallies_are_read_for_leaderboards on song_tallies for select
    using ((select contest.acting_role()) in ('ballot_box', 'admin', 'lookup', 'chore'));
