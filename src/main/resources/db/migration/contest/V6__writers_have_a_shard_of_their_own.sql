-- The first number of a shard that no other writer has, on any node, as long as this connection lasts. Whoever is no
-- writer takes a negative one.
create function tally_shard() returns integer
    language plpgsql
as $$
declare
    shard integer := 0;
begin
    while not pg_try_advisory_lock(hashtext('contest.song_tallies'), shard) loop
        shard := shard + 1;
    end loop;
    return shard;
end
$$;

revoke all on function tally_shard() from public;
grant execute on function tally_shard() to urvote_user;
