-- What stays of an erased account is its number: songs, votes and the log go on to name it.
set local lock_timeout = '5s';

alter table users add column erased_at timestamptz;
alter table users add constraint an_erased_account_lets_nobody_in
    check (erased_at is null or not is_active and not is_admin and not email_verified and hashed_password is null) not valid;
