-- Whoever asks, the program or somebody at psql: while there are admins who may come in, one of them remains. One such
-- change waits for the other, so that two who dismiss each other do not both succeed.
set local lock_timeout = '5s';

create function an_admin_remains() returns trigger
    language plpgsql
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('urvote an admin remains', 0));
    if not exists (select from identity.users where is_admin and is_active and id <> old.id) then
        raise exception 'This is the last admin'
            using errcode = 'check_violation', schema = 'identity', table = 'users', constraint = 'an_admin_remains';
    end if;
    return coalesce(new, old);
end
$$;

create trigger an_admin_remains before update of is_admin, is_active on users
    for each row when (old.is_admin and old.is_active and not (new.is_admin and new.is_active))
    execute function an_admin_remains();

create trigger an_admin_remains_though_some_are_deleted before delete on users
    for each row when (old.is_admin and old.is_active)
    execute function an_admin_remains();
