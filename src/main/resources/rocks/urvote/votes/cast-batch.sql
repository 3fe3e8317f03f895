-- Casts a batch of votes: one statement, one round trip, one commit. Every rule is decided here, by rows, keys and the
-- database's clock. In go parallel arrays, one element a vote and no voter twice; out comes one row a vote.
--
-- Ballots are locked first, in the order of their key; after that nothing waits for another batch but equal keys of
-- answers, in their order. So nobody deadlocks.
with /* votes.BallotBatch.cast */ asked as materialized (
    select *
      from unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::boolean[], ?::text[], ?::text[], ?::text[], ?::text[],
                  ?::text[], ?::text[])
           as asked (vote, song, voter, verified, country, ip_address, user_agent, device_fingerprint,
                     idempotency_key, request_hash)
), answered as materialized (
    -- What the same keys were answered before, looked up one by one: "limit" keeps the planner from reading, for a join,
    -- every answer that these voters were ever given; and their age is asked for outside, or it reads, planning for a
    -- table that was just emptied, all answers of the day for each.
    select voter, idempotency_key, first_hash, http_status, body, resets_at
      from asked
     cross join lateral (
            select request_hash as first_hash, http_status, body, resets_at, created_at
              from vote_answers
             where vote_answers.voter_id = asked.voter
               and vote_answers.idempotency_key = asked.idempotency_key
             limit 1) first
     where idempotency_key is not null
       and created_at > now() - interval '24 hours'
), entered as materialized (
    -- One by one again: beside "status" the planner, while it believes that songs are few, takes an index of states, and
    -- reads every approved song for each batch.
    select song, contest, artist
      from (select distinct song from asked) wanted
     cross join lateral (
            select contest_id as contest, artist_id as artist, status
              from songs
             where id = wanted.song
             limit 1) found
     where status = 'approved'
), running as materialized (
    select id as contest, day.day, coalesce((settings ->> 'votes_per_day')::integer, 10) as lim,
           (day.day + 1)::timestamp at time zone zone.zone as resets_at,
           now() >= start_date and now() < end_date and voting_enabled as takes_votes,
           coalesce(settings -> 'blocked_countries', '[]') as blocked,
           coalesce(settings -> 'allowed_countries', '[]') as allowed
      from contests
     cross join lateral (select coalesce(settings ->> 'time_zone', 'UTC') as zone) zone
     cross join lateral (select (now() at time zone zone.zone)::date as day) day
     where id = any (array(select contest from entered))
       and is_active
), judged as materialized (
    select asked.*, contest, day, lim, http_status, body, coalesce(answered.resets_at, running.resets_at) as resets_at,
           case when first_hash = request_hash then 'repeated'
                when first_hash is not null then 'key_reused'
                when lim is null then 'song_not_found'
                when not takes_votes then 'voting_closed'
                when not verified then 'email_not_verified'
                when artist = voter then 'own_song'
                when blocked @> to_jsonb(country) or allowed <> '[]' and not coalesce(allowed @> to_jsonb(country), false)
                then 'not_eligible'
                end as refusal
      from asked
      left join answered using (voter, idempotency_key)
      left join entered using (song)
      left join running using (contest)
), ballot as (
    -- The row is the lock: "on conflict" reads its newest committed version, so that one look decides both limits,
    -- whoever else votes as the same person at the same time. songs[1:n] are the accepted ones.
    insert into ballots as b (contest_id, voter_id, vote_day, lim, n, added, songs)
    select contest, voter, day, lim, 1, 1, array[song]
      from judged
     where refusal is null
     order by contest, voter, day
        on conflict (contest_id, voter_id, vote_day) do update
           set lim = excluded.lim,
               n = case when b.n >= excluded.lim or excluded.songs[1] = any (b.songs[1 : b.n]) then b.n else b.n + 1 end,
               added = case when b.n >= excluded.lim or excluded.songs[1] = any (b.songs[1 : b.n]) then 0 else 1 end,
               songs = case when b.n >= excluded.lim or excluded.songs[1] = any (b.songs[1 : b.n]) then b.songs[1 : b.n]
                            else b.songs[1 : b.n] || excluded.songs end
    returning voter_id as voter, n, added, b.songs
), decided as materialized (
    select judged.*, lim - n as left_today,
           case when refusal is not null then refusal
                when added = 1 then 'received'
                when song = any (songs) then 'already_voted'
                else 'daily_limit_reached'
                end as outcome
      from judged
      left join ballot using (voter)
), vote as (
    -- Nothing is returned: whoever reads votes is asked who they are, for each row, and the tallies need not read them.
    insert into votes (id, contest_id, song_id, voter_id, vote_day, ip_address, user_agent, device_fingerprint, country_code)
    select vote, contest, song, voter, day, ip_address, user_agent, device_fingerprint, country
      from decided
     where outcome = 'received'
), tally as (
    insert into song_tallies as t (song_id, shard, n, changes)
    select song, current_setting('urvote.tally_shard')::integer, count(*), 1
      from decided
     where outcome = 'received'
     group by song
        on conflict (song_id, shard) do update
           set n = t.n + excluded.n, changes = t.changes + 1, changed_at = now()
), answer as (
    -- Whoever asks with the same key at another node at the same time meets the row of the first here: null is refused,
    -- nothing of this batch happens, and the next try finds the first answer. One that is too old is replaced.
    insert into vote_answers as a (voter_id, idempotency_key, request_hash, http_status, body, resets_at)
    select voter, idempotency_key, request_hash,
           case outcome when 'received' then 201 when 'already_voted' then 409 else 429 end,
           case outcome
                when 'received' then format(words.received, vote, song, day, left_today)
                when 'already_voted' then words.already_voted
                else words.daily_limit_reached end,
           case outcome when 'daily_limit_reached' then resets_at end
      from decided
     cross join (select ?::text as received, ?::text as already_voted, ?::text as daily_limit_reached) words
     where idempotency_key is not null
       and outcome in ('received', 'already_voted', 'daily_limit_reached')
     order by voter, idempotency_key
        on conflict (voter_id, idempotency_key) do update
           set (request_hash, http_status, body, resets_at, created_at)
             = (case when a.created_at <= now() - interval '24 hours' then excluded.request_hash end,
                excluded.http_status, excluded.body, excluded.resets_at, now())
)
select vote, song, outcome, contest, day, left_today, http_status, body,
       case when outcome = 'daily_limit_reached' or http_status = 429
            then ceil(extract(epoch from resets_at - now()))::integer end as resets_in
  from decided
