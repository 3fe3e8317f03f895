-- Every node keeps contests in memory; whoever changes one, from psql too, tells them all.
create function tell_of_a_contest() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'DELETE' then
        perform pg_notify('urvote_contests', old.id::text);
    else
        perform pg_notify('urvote_contests', new.id::text);
    end if;
    return null;
end
$$;

create trigger contests_tell_of_their_changes after insert or update or delete on contests
    for each row execute function tell_of_a_contest();
