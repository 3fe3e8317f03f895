-- Address, device and place of a vote are removed, by the program's own work only, and never changed.
set local lock_timeout = '5s';

create function votes_only_forget() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if row_security_active('contest.votes')
       and (contest.acting_role() <> 'chore'
            or coalesce(new.ip_address, old.ip_address) is distinct from old.ip_address
            or coalesce(new.user_agent, old.user_agent) is distinct from old.user_agent
            or coalesce(new.device_fingerprint, old.device_fingerprint) is distinct from old.device_fingerprint
            or coalesce(new.recaptcha_score, old.recaptcha_score) is distinct from old.recaptcha_score
            or coalesce(new.country_code, old.country_code) is distinct from old.country_code
            or coalesce(new.region, old.region) is distinct from old.region
            or coalesce(new.city, old.city) is distinct from old.city) then
        raise exception 'Where a vote came from is forgotten in time, and never changed' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;

create trigger votes_only_forget
    before update of ip_address, user_agent, device_fingerprint, recaptcha_score, country_code, region, city on votes
    for each row execute function votes_only_forget();

create policy votes_are_made_to_forget_by_chores on votes for update
    using ((select contest.acting_role()) = 'chore');

grant update (ip_address, user_agent, device_fingerprint, recaptcha_score, country_code, region, city) on votes to urvote_user;
