set local lock_timeout = '5s';

alter table users validate constraint an_erased_account_lets_nobody_in;
