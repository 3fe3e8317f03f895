-- How large each table of this schema was, once a day: what growth is measured from. A table's months are counted with it.
create table ${flyway:defaultSchema}.size_samples (
    name        text        not null,
    day         date        not null default (now() at time zone 'utc')::date,
    measured_at timestamptz not null default now(),
    rows        bigint      not null,
    table_bytes bigint      not null,
    index_bytes bigint      not null,
    primary key (name, day),
    constraint sizes_are_not_below_zero check (rows >= 0 and table_bytes >= 0 and index_bytes >= 0)
);

alter table ${flyway:defaultSchema}.size_samples enable row level security;
alter table ${flyway:defaultSchema}.size_samples force row level security;
create policy sizes_are_kept_by_chores on ${flyway:defaultSchema}.size_samples
    using ((select ${flyway:defaultSchema}.acting_role()) = 'chore');
create policy sizes_are_read_by_admins on ${flyway:defaultSchema}.size_samples for select
    using ((select ${flyway:defaultSchema}.acting_role()) = 'admin');

grant select, insert, delete on ${flyway:defaultSchema}.size_samples to urvote_user;
