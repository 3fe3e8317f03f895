-- What people who look may read: all but the addresses and devices of voters, the first answers to their requests, and
-- the outbox. They see what the public sees, until they say for whom they look: set urvote.role = 'admin'.
grant usage on schema contest to urvote_readonly;
grant select on clients, client_members, contests, songs, ballots, song_tallies, archived_tallies, vote_refusals,
                audit_log, audit_seals, size_samples, unguarded_tables to urvote_readonly;
grant select (id, song_id, voter_id, country_code, created_at, vote_weight, is_suspicious, fraud_flags, contest_id, vote_day,
              status, changed_at, changed_by, change_reason) on votes to urvote_readonly;
