-- Where somebody was signed in is of no use once it is long over. Nobody removes a session to hide that it was there.
set local lock_timeout = '5s';

create policy only_chores_remove_sessions on sessions as restrictive for delete
    using ((select identity.acting_role()) = 'chore');

grant delete on sessions to urvote_user;
