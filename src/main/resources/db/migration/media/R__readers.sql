-- What people who look may read.
grant usage on schema media to urvote_readonly;
grant select on files, audit_log, audit_seals, size_samples, unguarded_tables to urvote_readonly;
