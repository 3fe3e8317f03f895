-- A policy for all commands is asked again for each that a statement may become: "on conflict do update" inserts, updates
-- and reads. With a policy for reading beside it, who acts was asked fifteen times for one batch of votes; so it is
-- six times, and says the same.
set local lock_timeout = '5s';
drop policy ballots_are_kept_by_the_ballot_box on ballots;
drop policy voters_see_their_ballots on ballots;
create policy ballots_are_opened_by_the_ballot_box on ballots for insert
    with check ((select contest.acting_role()) = 'ballot_box');
create policy ballots_are_kept_by_the_ballot_box on ballots for update
    using ((select contest.acting_role()) = 'ballot_box');
create policy voters_see_their_ballots on ballots for select
    using (case (select contest.acting_role())
               when 'ballot_box' then true
               when 'chore' then true
               when 'user' then voter_id = (select contest.acting_user())
               else false end);
