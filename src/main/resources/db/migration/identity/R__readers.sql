-- What people who look may read: no address, no password's hash, no token and no key, not even hashed.
grant usage on schema identity to urvote_readonly;
grant select on signing_keys, audit_log, audit_seals, size_samples, unguarded_tables to urvote_readonly;
grant select (id, username, is_active, is_admin, created_at, email_verified, last_login) on users to urvote_readonly;
grant select (id, user_id, started_at, ended_at, ended_why) on sessions to urvote_readonly;
