-- Why somebody does something is said for the whole transaction, beside who does it; and what seals the log reads it.
set local lock_timeout = '5s';

alter table ${flyway:defaultSchema}.audit_log add column reason text;
alter table ${flyway:defaultSchema}.audit_log alter column reason set default nullif(current_setting('urvote.reason', true), '');

create policy chores_seal_the_log on ${flyway:defaultSchema}.audit_log
    for select using (${flyway:defaultSchema}.acting_role() = 'chore');
