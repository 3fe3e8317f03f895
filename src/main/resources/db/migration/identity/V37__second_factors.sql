-- What people show besides a password or a mailed code. `identity` sees a secret only to compare with it: apps' secrets
-- lie under the operator's key where there is one, recovery codes as hashes, passkeys as public keys.
set local lock_timeout = '5s';

create table totp_secrets (
    user_id      bigint      primary key references users (id) on delete cascade,
    secret       bytea       not null,
    created_at   timestamptz not null default now(),
    confirmed_at timestamptz,
    last_step    bigint      not null default 0,
    tries        smallint    not null default 0,
    tries_since  timestamptz not null default now()
);
comment on column totp_secrets.secret is 'a byte that says whether URVOTE_TWO_FACTOR_KEY closes it, and the secret or its nonce and AES-256-GCM';
comment on column totp_secrets.last_step is 'the newest step of 30 seconds whose code was taken: each code is good once';

create table recovery_codes (
    user_id   bigint      not null references users (id) on delete cascade,
    code_hash varchar(64) not null,
    used_at   timestamptz,
    primary key (user_id, code_hash)
);
comment on column recovery_codes.code_hash is 'SHA-256 of 80 random bits, in hex';

create table passkeys (
    credential_id varchar(1400) primary key,
    user_id       bigint        not null references users (id) on delete cascade,
    name          varchar(100)  not null,
    credential    bytea         not null,
    sign_count    bigint        not null,
    created_at    timestamptz   not null default now(),
    last_used_at  timestamptz
);
comment on column passkeys.credential is 'the attested credential data of WebAuthn: its id, model and public key';
create index idx_passkeys_user on passkeys (user_id);

create table passkey_challenges (
    user_id    bigint      primary key references users (id) on delete cascade,
    challenge  bytea       not null,
    expires_at timestamptz not null
);
comment on table passkey_challenges is 'what a passkey that is to be added signs first';

create table second_steps (
    token_hash varchar(64) primary key,
    user_id    bigint      not null references users (id) on delete cascade,
    tries      smallint    not null default 0,
    challenge  bytea,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at    timestamptz,
    constraint a_second_step_takes_five_tries check (tries between 0 and 5)
);
create index idx_second_steps_user on second_steps (user_id);

alter table totp_secrets enable row level security;
alter table totp_secrets force row level security;
create policy people_keep_their_app on totp_secrets
    using (user_id = identity.acting_user() or identity.acting_role() in ('admin', 'sign_in', 'chore'));

alter table recovery_codes enable row level security;
alter table recovery_codes force row level security;
create policy people_keep_their_recovery_codes on recovery_codes
    using (user_id = identity.acting_user() or identity.acting_role() in ('admin', 'sign_in', 'chore'));

alter table passkeys enable row level security;
alter table passkeys force row level security;
create policy people_keep_their_passkeys on passkeys
    using (user_id = identity.acting_user() or identity.acting_role() in ('admin', 'sign_in', 'chore'));

alter table passkey_challenges enable row level security;
alter table passkey_challenges force row level security;
create policy people_answer_their_challenge on passkey_challenges
    using (user_id = identity.acting_user() or identity.acting_role() in ('sign_in', 'chore'));

alter table second_steps enable row level security;
alter table second_steps force row level security;
create policy second_steps_are_for_sign_in on second_steps
    using (user_id = identity.acting_user() or identity.acting_role() in ('admin', 'sign_in', 'chore'));

grant select, insert, update, delete on totp_secrets, recovery_codes, passkeys, passkey_challenges, second_steps to urvote_user;
