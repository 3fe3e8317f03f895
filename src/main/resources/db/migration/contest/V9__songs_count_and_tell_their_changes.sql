alter table songs add column revision bigint not null default 1;
comment on column songs.revision is 'how often this row was written; with the changes of the tallies it makes the version of a leaderboard';

create function count_a_revision() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    new.revision := old.revision + 1;
    return new;
end
$$;

create trigger songs_count_their_revisions before update on songs
    for each row execute function count_a_revision();

-- Of many songs changed in one transaction each contest is told of once: equal notifications are one.
create function tell_of_the_songs_of_a_contest() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'DELETE' then
        perform pg_notify('urvote_songs', old.contest_id::text);
    else
        perform pg_notify('urvote_songs', new.contest_id::text);
    end if;
    return null;
end
$$;

create trigger songs_tell_of_their_changes after insert or update or delete on songs
    for each row execute function tell_of_the_songs_of_a_contest();
