create sequence votes_id_seq as bigint increment by 1 cache 1;

-- One row a voter, contest and day: the day's limit, and the songs it was used for. It decides both limits at once.
create table ballots (
    contest_id bigint   not null,
    voter_id   bigint   not null,
    vote_day   date     not null,
    lim        integer  not null,
    n          integer  not null,
    added      integer  not null,
    songs      bigint[] not null,
    constraint one_ballot_per_voter_and_day primary key (contest_id, voter_id, vote_day),
    constraint a_ballot_keeps_to_the_daily_limit check (n >= 0 and added >= 0)
) partition by range (vote_day);
comment on column ballots.songs is 'songs[1:n] were accepted; what follows was refused for want of votes';

create table votes (
    id                 bigint       not null default nextval('contest.votes_id_seq'),
    song_id            bigint       not null,
    voter_id           bigint       not null,
    ip_address         varchar(45),
    user_agent         text,
    device_fingerprint varchar(255),
    recaptcha_score    varchar(10),
    country_code       varchar(2),
    region             varchar(100),
    city               varchar(100),
    created_at         timestamptz  not null default now(),
    vote_weight        decimal(3,2) not null default 1.00,
    is_suspicious      boolean      not null default false,
    fraud_flags        jsonb,
    contest_id         bigint       not null,
    vote_day           date         not null,
    status             varchar(10)  not null default 'counted',
    changed_at         timestamptz,
    changed_by         bigint,
    change_reason      text,
    primary key (id, voter_id, vote_day),
    constraint a_vote_is_for_a_song_of_its_contest foreign key (contest_id, song_id) references songs (contest_id, id),
    constraint a_vote_is_counted_held_void_or_withdrawn check (status in ('counted', 'held', 'void', 'withdrawn')),
    constraint a_changed_vote_says_when check (status in ('counted', 'held') or changed_at is not null)
) partition by range (vote_day);
comment on column votes.voter_id is 'a user of the user service: no foreign key crosses services';
comment on column votes.vote_day is 'the day it counts for, in the time zone of its contest';

create unique index one_vote_per_voter_song_and_day on votes (song_id, voter_id, vote_day) where status <> 'withdrawn';
create index idx_votes_song_date on votes (song_id, created_at);
create index idx_votes_voter_date on votes (voter_id, created_at);
create index idx_votes_geo_time on votes (country_code, created_at);

alter sequence votes_id_seq owned by votes.id;

-- Sharded, so that writers never wait for each other: readers add the shards. A single shard may be negative.
create table song_tallies (
    song_id    bigint      not null references songs (id),
    shard      integer     not null,
    n          bigint      not null,
    changed_at timestamptz not null default now(),
    primary key (song_id, shard)
) with (fillfactor = 50);

create table vote_answers (
    voter_id        bigint       not null,
    idempotency_key varchar(200) not null,
    request_hash    varchar(64)  not null,
    http_status     smallint     not null,
    body            text         not null,
    resets_at       timestamptz,
    created_at      timestamptz  not null default now(),
    primary key (voter_id, idempotency_key)
);
comment on column vote_answers.resets_at is 'when the day turns for whom the daily limit was reached: what Retry-After counts down to';
comment on table vote_answers is 'the first answer to an Idempotency-Key, kept for 24 hours';
create index idx_vote_answers_age on vote_answers (created_at);

create table vote_refusals (
    contest_id bigint      not null,
    day        date        not null,
    code       varchar(40) not null,
    n          bigint      not null,
    primary key (contest_id, day, code)
);

alter table ballots enable row level security;
alter table ballots force row level security;
create policy ballots_are_kept_by_the_ballot_box on ballots
    using (contest.acting_role() = 'ballot_box');
create policy voters_see_their_ballots on ballots for select
    using (contest.acting_role() = 'user' and voter_id = contest.acting_user() or contest.acting_role() = 'chore');

alter table votes enable row level security;
alter table votes force row level security;
create policy votes_are_kept_by_the_ballot_box on votes
    using (contest.acting_role() = 'ballot_box');
create policy voters_see_their_votes on votes for select
    using (contest.acting_role() = 'user' and voter_id = contest.acting_user());
create policy clients_see_the_votes_of_their_contests on votes for select
    using (contest.acting_role() in ('admin', 'chore')
        or contest.acting_role() in ('member', 'owner')
           and contest_id in (select c.id from contest.contests c where c.client_id = contest.acting_client()));

alter table song_tallies enable row level security;
alter table song_tallies force row level security;
create policy tallies_are_kept_by_the_ballot_box on song_tallies
    using (contest.acting_role() = 'ballot_box');
create policy tallies_are_read_for_leaderboards on song_tallies for select
    using (contest.acting_role() in ('admin', 'lookup', 'chore'));

alter table vote_answers enable row level security;
alter table vote_answers force row level security;
create policy answers_are_kept_by_the_ballot_box on vote_answers
    using (contest.acting_role() in ('ballot_box', 'chore'));

alter table vote_refusals enable row level security;
alter table vote_refusals force row level security;
create policy refusals_are_counted_by_the_ballot_box on vote_refusals
    using (contest.acting_role() in ('ballot_box', 'chore'));
create policy clients_see_the_refusals_of_their_contests on vote_refusals for select
    using (contest.acting_role() = 'admin'
        or contest.acting_role() in ('member', 'owner')
           and contest_id in (select c.id from contest.contests c where c.client_id = contest.acting_client()));

grant select, insert, update on ballots, song_tallies, vote_refusals to urvote_user;
-- A vote keeps who, what, when and its weight; only what became of it is written later.
grant select, insert, update (status, changed_at, changed_by, change_reason) on votes to urvote_user;
grant select, insert, update, delete on vote_answers to urvote_user;
grant usage, select on sequence votes_id_seq to urvote_user;

-- Makes a month's partitions of votes and ballots, locked: reached through their parents only. Made apart and then
-- attached, because "create table ... partition of" would lock the parent against votes.
-- The one function that runs as its definer: it reads no rows, and takes nothing but a month.
create function make_votes_partition(month date) returns void
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    first_day constant date := date_trunc('month', month)::date;
    next_month constant date := (first_day + interval '1 month')::date;
    parent text;
    partition text;
begin
    if first_day < date '2000-01-01' or first_day > current_date + 400 then
        raise exception 'There are no votes in %', first_day using errcode = 'invalid_parameter_value';
    end if;
    perform pg_advisory_xact_lock(hashtext('contest.make_votes_partition'));
    foreach parent in array array['votes', 'ballots'] loop
        partition := parent || to_char(first_day, '_YYYY_MM');
        continue when to_regclass('contest.' || partition) is not null;
        execute format('create table contest.%I (like contest.%I including defaults including constraints)', partition, parent);
        execute format('alter table contest.%I enable row level security', partition);
        execute format('alter table contest.%I force row level security', partition);
        execute format('alter table contest.%I attach partition contest.%I for values from (%L) to (%L)',
                parent, partition, first_day, next_month);
    end loop;
end
$$;

revoke all on function make_votes_partition(date) from public;
grant execute on function make_votes_partition(date) to urvote_user;

select make_votes_partition((date_trunc('month', now()) + n * interval '1 month')::date) from generate_series(-1, 3) n;
