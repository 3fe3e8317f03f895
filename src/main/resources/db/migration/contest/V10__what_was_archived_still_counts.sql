-- The counted votes of each month that is detached, by song: a recount is what the attached months hold, and these.
create table archived_tallies (
    month   date   not null,
    song_id bigint not null references songs (id),
    n       bigint not null,
    primary key (month, song_id),
    constraint a_month_begins_on_its_first_day check (extract(day from month) = 1),
    constraint archived_votes_are_counted_once_at_least check (n > 0)
);

alter table archived_tallies enable row level security;
alter table archived_tallies force row level security;
create policy archived_tallies_are_read_for_recounts on archived_tallies for select
    using ((select contest.acting_role()) in ('admin', 'lookup', 'chore'));
create policy archived_tallies_are_written_by_their_owner on archived_tallies to urvote_owner
    using (true);

grant select on archived_tallies to urvote_user;
