-- Where somebody signed in, as people recognise it: the country of the address, and nothing closer.
set local lock_timeout = '5s';

alter table sessions add column country_code varchar(2);
