-- Nobody signs for a client they do not act for.
set local lock_timeout = '5s';

alter policy everyone_signs_for_themselves on ${flyway:defaultSchema}.audit_log
    with check (actor_role = ${flyway:defaultSchema}.acting_role()
        and actor_id is not distinct from ${flyway:defaultSchema}.acting_user()
        and client_id is not distinct from ${flyway:defaultSchema}.acting_client());
