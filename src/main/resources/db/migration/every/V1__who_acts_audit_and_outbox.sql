-- What the schema of every service begins with. ${flyway:defaultSchema} is the service's own.

-- Who acts in this transaction. After a commit such a setting is an empty string, not null.
create function ${flyway:defaultSchema}.acting_role() returns text
    language sql stable parallel safe
    return coalesce(nullif(current_setting('urvote.role', true), ''), 'visitor');

create function ${flyway:defaultSchema}.acting_user() returns bigint
    language sql stable parallel safe
    return nullif(current_setting('urvote.user_id', true), '')::bigint;

create function ${flyway:defaultSchema}.acting_client() returns bigint
    language sql stable parallel safe
    return nullif(current_setting('urvote.client_id', true), '')::bigint;

grant usage on schema ${flyway:defaultSchema} to urvote_user;

create table ${flyway:defaultSchema}.audit_log (
    id          bigint      generated always as identity primary key,
    happened_at timestamptz not null,
    fact        text        not null,
    actor_role  text        not null default ${flyway:defaultSchema}.acting_role(),
    actor_id    bigint               default ${flyway:defaultSchema}.acting_user(),
    client_id   bigint               default ${flyway:defaultSchema}.acting_client(),
    detail      jsonb       not null
);

create index idx_audit_log_happened_at on ${flyway:defaultSchema}.audit_log (happened_at);

alter table ${flyway:defaultSchema}.audit_log enable row level security;
alter table ${flyway:defaultSchema}.audit_log force row level security;
create policy everyone_signs_for_themselves on ${flyway:defaultSchema}.audit_log
    for insert with check (actor_role = ${flyway:defaultSchema}.acting_role()
        and actor_id is not distinct from ${flyway:defaultSchema}.acting_user());
create policy admins_read_the_log on ${flyway:defaultSchema}.audit_log
    for select using (${flyway:defaultSchema}.acting_role() = 'admin');

grant select, insert on ${flyway:defaultSchema}.audit_log to urvote_user;

-- The outbox: the shape Spring Modulith's event publication registry expects (its schema, version 2).
create table ${flyway:defaultSchema}.event_publication (
    id                     uuid        not null primary key,
    listener_id            text        not null,
    event_type             text        not null,
    serialized_event       text        not null,
    publication_date       timestamptz not null,
    completion_date        timestamptz,
    status                 text,
    completion_attempts    integer,
    last_resubmission_date timestamptz
);

create index event_publication_serialized_event_hash_idx on ${flyway:defaultSchema}.event_publication using hash (serialized_event);
create index event_publication_by_completion_date_idx on ${flyway:defaultSchema}.event_publication (completion_date);

grant select, insert, update, delete on ${flyway:defaultSchema}.event_publication to urvote_user;
