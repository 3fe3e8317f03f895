-- Once a statement, not for every row: see V7.
alter policy votes_are_kept_by_the_ballot_box on votes
    using ((select contest.acting_role()) = 'ballot_box');
alter policy voters_see_their_votes on votes
    using ((select contest.acting_role()) = 'user' and voter_id = (select contest.acting_user()));
alter policy clients_see_the_votes_of_their_contests on votes
    using ((select contest.acting_role()) in ('admin', 'lookup', 'chore')
        or (select contest.acting_role()) in ('member', 'owner')
           and contest_id in (select c.id from contest.contests c where c.client_id = (select contest.acting_client())));
