set local lock_timeout = '5s';

create policy whoever_is_erased_is_no_member on client_members for delete
    using ((select contest.acting_role()) = 'chore');
