-- The naive limit: one transaction a vote, with every rule, as UrVote cast votes before it grouped them. The role is set
-- with the connection and the statement is its own transaction, which is the best that can be done for it.
-- pgbench -D first=<song> -D songs=<n> -D voters=<n> -D voter0=<user>
\set voter random(:voter0, :voter0 + :voters - 1)
\set song random(:first, :first + :songs - 1)
with asked as materialized (
    select s.id as song, c.id as contest, day.day,
           coalesce((c.settings ->> 'votes_per_day')::integer, 10) as lim,
           (day.day + 1)::timestamp at time zone zone.zone as resets_at,
           case when now() < c.start_date or now() >= c.end_date or not c.voting_enabled then 'voting_closed'
                when not true then 'email_not_verified'
                when s.artist_id = :voter then 'own_song'
                when coalesce(c.settings -> 'blocked_countries' @> to_jsonb(null::text), false)
                  or (jsonb_array_length(coalesce(c.settings -> 'allowed_countries', '[]')) > 0
                      and not coalesce(c.settings -> 'allowed_countries' @> to_jsonb(null::text), false))
                then 'not_eligible'
                end as refusal
      from songs s
      join contests c on c.id = s.contest_id
     cross join lateral (select coalesce(c.settings ->> 'time_zone', 'UTC') as zone) zone
     cross join lateral (select (now() at time zone zone.zone)::date as day) day
     where s.id = :song and s.status = 'approved' and c.is_active
), ballot as (
    insert into ballots as b (contest_id, voter_id, vote_day, lim, n, added, songs)
    select contest, :voter, day, lim, 1, 1, array[song]
      from asked
     where refusal is null
        on conflict (contest_id, voter_id, vote_day) do update set (lim, n, added, songs) = (
           select excluded.lim, b.n + may.add, may.add, b.songs[1 : b.n] || excluded.songs[1 : may.add]
             from (select case when excluded.songs[1] = any (b.songs[1 : b.n]) or b.n >= excluded.lim
                               then 0 else 1 end as add) may)
    returning b.n, b.added, b.songs
), vote as (
    insert into votes (contest_id, song_id, voter_id, vote_day, ip_address, user_agent,
                       device_fingerprint, country_code)
    select contest, song, :voter, day, '10.1.2.3', 'Mozilla/5.0 (bench)', null, null
      from asked
     cross join ballot
     where ballot.added = 1
    returning id
), tally as (
    insert into song_tallies as t (song_id, shard, n, changes)
    select song, pg_backend_pid() % 64, 1, 1
      from asked
     cross join ballot
     where ballot.added = 1
        on conflict (song_id, shard) do update set n = t.n + 1, changes = t.changes + 1, changed_at = now()
)
select asked.contest, asked.song, asked.day, asked.lim as "limit", asked.resets_at, asked.refusal,
       coalesce(ballot.n, 0) as used, (select id from vote) as vote,
       coalesce(asked.song = any (ballot.songs[1 : ballot.n]), false) as voted
  from asked
  left join ballot on true;
