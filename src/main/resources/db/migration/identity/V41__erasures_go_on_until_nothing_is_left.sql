set local lock_timeout = '5s';

-- The key under which erased mailboxes are known again. It never leaves the database but for the program.
create table erasure_key (
    id  boolean primary key default true,
    key bytea   not null,
    constraint there_is_one_erasure_key check (id),
    constraint an_erasure_key_has_256_bits check (length(key) = 32)
);

-- Accounts that were erased, until nothing is left to be done: other parts let go of what they hold, and contests end
-- in which the account has votes. Until then its mailbox is known again, so that nobody votes twice by being erased.
create table erasures (
    user_id   bigint      primary key references users (id),
    mailbox   bytea,
    erased_at timestamptz not null default now(),
    constraint an_erased_mailbox_is_one_voter unique (mailbox),
    constraint an_erased_mailbox_is_known_by_its_hmac check (length(mailbox) = 32)
);
comment on column erasures.mailbox is 'HMAC-SHA256 of the folded address under erasure_key; null where the address was never proven';

alter table erasure_key enable row level security;
alter table erasure_key force row level security;
create policy the_erasure_key_is_for_sign_in on erasure_key
    using ((select identity.acting_role()) in ('sign_in', 'chore'));

alter table erasures enable row level security;
alter table erasures force row level security;
create policy erasures_are_for_sign_in on erasures
    using ((select identity.acting_role()) in ('sign_in', 'chore'));

grant select, insert on erasure_key to urvote_user;
grant select, insert, delete on erasures to urvote_user;
