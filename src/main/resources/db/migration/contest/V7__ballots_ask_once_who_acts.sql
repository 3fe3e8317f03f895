-- A policy that calls a function asks it for every row; one that selects its value asks once a statement. With a batch of
-- votes in one statement that is a fifth of its cost.
alter policy ballots_are_kept_by_the_ballot_box on ballots
    using ((select contest.acting_role()) = 'ballot_box');
alter policy voters_see_their_ballots on ballots
    using ((select contest.acting_role()) = 'user' and voter_id = (select contest.acting_user())
        or (select contest.acting_role()) = 'chore');
