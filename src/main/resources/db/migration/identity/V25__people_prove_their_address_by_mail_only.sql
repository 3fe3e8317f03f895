-- A link proves an address because only its mailbox knows the token: nobody sets it for themselves.
create or replace function people_keep_to_their_part() returns trigger
    language plpgsql
as $$
begin
    if row_security_active('identity.users')
       and identity.acting_role() not in ('admin', 'sign_in', 'chore')
       and (new.id, new.email, new.email_folded, new.hashed_password, new.is_active, new.is_admin, new.created_at,
            new.email_verified, new.verification_token, new.verification_expires_at, new.last_login)
           is distinct from
           (old.id, old.email, old.email_folded, old.hashed_password, old.is_active, old.is_admin, old.created_at,
            old.email_verified, old.verification_token, old.verification_expires_at, old.last_login) then
        raise exception 'People change only their user name and profile' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
