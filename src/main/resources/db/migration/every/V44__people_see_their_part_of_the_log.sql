-- What is on record about oneself is part of what one may have.
set local lock_timeout = '5s';

create policy people_see_what_is_on_record_of_them on ${flyway:defaultSchema}.audit_log for select
    using ((select ${flyway:defaultSchema}.acting_role()) = 'user'
        and (actor_id = (select ${flyway:defaultSchema}.acting_user())
             or detail ->> 'user' = (select ${flyway:defaultSchema}.acting_user())::text));
