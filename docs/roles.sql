-- The roles of UrVote, for a PostgreSQL 15 to 18 where UrVote's own login may not make them. Once, as a superuser:
--
--     psql -v owner_login=urvote_admin -v owner_password=... -v user_password=... -v database=urvote -f docs/roles.sql
--
-- and then in UrVote's settings
--
--     URVOTE_DATABASE_URL=postgresql://urvote_admin:<owner_password>@<host>:5432/urvote
--     URVOTE_APP_DATABASE_URL=postgresql://urvote_user:<user_password>@<host>:5432/urvote
--
-- urvote_owner owns the tables, urvote_user is the application, urvote_readonly is for people who look, urvote_backup
-- reads everything for backups. None is a superuser, and only the backup's bypasses row level security. The login makes
-- databases, since each backup is proved in one of its own.
-- Running it again sets the passwords anew and changes nothing else.
\set ON_ERROR_STOP on

select format('create role %I %s', name, rights)
  from (values ('urvote_owner', 'nologin'),
               ('urvote_user', 'login'),
               ('urvote_readonly', 'nologin'),
               ('urvote_backup', 'nologin bypassrls'),
               (:'owner_login', 'login createdb')) as wanted (name, rights)
 where not exists (select from pg_roles where rolname = name)
\gexec

select format('create database %I owner %I', :'database', :'owner_login')
 where not exists (select from pg_database where datname = :'database')
\gexec

alter role :"owner_login" password :'owner_password';
alter role urvote_user password :'user_password';
grant urvote_owner, urvote_backup to :"owner_login";
grant pg_read_all_data to urvote_backup;
grant create, connect on database :"database" to :"owner_login";
grant connect on database :"database" to urvote_user, urvote_readonly, urvote_backup;
alter database :"database" set search_path = identity, contest, media, public;
