-- Contests whose votes have lost addresses, devices and places. Another end makes one count as new, and so does a month
-- of its votes that is attached again.
set local lock_timeout = '5s';

create table forgotten_contests (
    contest_id   bigint      primary key references contests (id),
    end_date     timestamptz not null,
    forgotten_at timestamptz not null default now(),
    votes        bigint      not null
);
comment on column forgotten_contests.votes is 'how many votes had something to forget';

alter table forgotten_contests enable row level security;
alter table forgotten_contests force row level security;
create policy chores_note_what_is_forgotten on forgotten_contests
    using ((select contest.acting_role()) = 'chore');

grant select, insert, update on forgotten_contests to urvote_user;
