package rocks.urvote.identity;

import java.util.List;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting.Role;
import rocks.urvote.kernel.Holding;

/// The account itself, where it is signed in, and what was mailed to let it in. Erased by [EraseMyself].
@Component
@Order(0)
class HeldAccount implements Holding {

    @Override
    public List<Part> parts() {
        return List.of(
                new Part("account", Role.USER, "0", """
                    select id::text as key, row_to_json(held)::text as json
                      from (select id, email, email_folded, username, hashed_password is not null as has_password, is_active,
                                   is_admin, email_verified, verification_expires_at, created_at, last_login, profile_data
                              from users
                             where id = :person and id > cast(:after as bigint)
                             order by id
                             limit :rows) held
                    """),
                new Part("sessions", Role.USER, "00000000-0000-0000-0000-000000000000", """
                    select id::text as key, row_to_json(held)::text as json
                      from (select id, started_at, ended_at, ended_why, user_agent, country_code
                              from sessions
                             where user_id = :person and id > cast(:after as uuid)
                             order by id
                             limit :rows) held
                    """),
                new Part("authenticator_apps", Role.USER, "0", """
                    select user_id::text as key, row_to_json(held)::text as json
                      from (select user_id, created_at, confirmed_at
                              from totp_secrets
                             where user_id = :person and user_id > cast(:after as bigint)
                             limit :rows) held
                    """),
                new Part("passkeys", Role.USER, "", """
                    select credential_id as key, row_to_json(held)::text as json
                      from (select credential_id, name, sign_count, created_at, last_used_at
                              from passkeys
                             where user_id = :person and credential_id > :after
                             order by credential_id
                             limit :rows) held
                    """),
                new Part("sign_in_codes", Role.CHORE, "0", """
                    select id::text as key, row_to_json(held)::text as json
                      from (select c.id, c.email, c.created_at, c.expires_at, c.used_at, c.tries
                              from sign_in_codes c
                              join users u on u.email_folded = c.email_folded
                             where u.id = :person and u.email_verified and c.id > cast(:after as bigint)
                             order by c.id
                             limit :rows) held
                    """),
                new Part("password_resets", Role.CHORE, "0", """
                    select key, row_to_json(held)::text as json
                      from (select row_number() over (order by created_at, token_hash)::text as key,
                                   email, created_at, expires_at, used_at
                              from password_resets
                             where user_id = :person
                             order by created_at, token_hash
                            offset cast(:after as bigint)
                             limit :rows) held
                    """));
    }
}
