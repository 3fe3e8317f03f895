-- Nobody enters a song that is approved already, nor into a contest they do not see.
set local lock_timeout = '5s';

alter policy artists_submit_for_themselves on songs
    with check ((select contest.acting_role()) = 'admin'
        or (select contest.acting_role()) = 'user' and artist_id = (select contest.acting_user())
           and status = 'pending' and exists (select from contest.contests c where c.id = contest_id));
