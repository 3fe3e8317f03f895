-- What became of each chore of this service: the newest runs, and the last that came to its end.
create table ${flyway:defaultSchema}.chore_runs (
    id         bigint       generated always as identity primary key,
    chore      varchar(100) not null,
    node       varchar(300) not null,
    started_at timestamptz  not null,
    ended_at   timestamptz,
    outcome    varchar(10)  not null,
    note       text         not null default '',
    constraint outcomes_of_chores_are_known check (outcome in ('running', 'done', 'failed', 'broken_off')),
    constraint a_run_that_is_over_says_when check ((outcome = 'running') = (ended_at is null)),
    constraint a_run_ends_after_it_began check (ended_at >= started_at)
);
comment on column ${flyway:defaultSchema}.chore_runs.note is 'what it did, or why it failed';

create index idx_chore_runs_chore on ${flyway:defaultSchema}.chore_runs (chore, id);
create unique index a_chore_runs_once_at_a_time on ${flyway:defaultSchema}.chore_runs (chore) where outcome = 'running';

alter table ${flyway:defaultSchema}.chore_runs enable row level security;
alter table ${flyway:defaultSchema}.chore_runs force row level security;
create policy chores_write_down_their_runs on ${flyway:defaultSchema}.chore_runs
    using ((select ${flyway:defaultSchema}.acting_role()) = 'chore');
create policy admins_see_the_chores on ${flyway:defaultSchema}.chore_runs for select
    using ((select ${flyway:defaultSchema}.acting_role()) = 'admin');

grant select, insert, delete on ${flyway:defaultSchema}.chore_runs to urvote_user;
grant update (ended_at, outcome, note) on ${flyway:defaultSchema}.chore_runs to urvote_user;
