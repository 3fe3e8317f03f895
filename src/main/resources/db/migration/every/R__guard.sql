-- Everything in this schema through which a row could slip past row level security. Empty, or the start is refused.
create or replace view ${flyway:defaultSchema}.unguarded_tables with (security_invoker = true) as
-- A table whose rows are not under a forced policy. The outbox and the history of migrations hold nobody's rows.
select c.relname::text as name, 'row level security is not enabled and forced' as reason
  from pg_class c
 where c.relnamespace = '${flyway:defaultSchema}'::regnamespace
   and c.relkind in ('r', 'p')
   and not (c.relrowsecurity and c.relforcerowsecurity)
   and c.relname not in ('flyway_schema_history', 'event_publication')
union all
-- A partition somebody could address directly, around its parent's policies.
select c.relname, 'is a partition with grants of its own'
  from pg_class c
 where c.relnamespace = '${flyway:defaultSchema}'::regnamespace
   and c.relispartition
   and exists (select from aclexplode(c.relacl) a where a.grantee <> c.relowner)
union all
-- Truncate asks no policy.
select c.relname, 'may be truncated by others than its owner'
  from pg_class c
 where c.relnamespace = '${flyway:defaultSchema}'::regnamespace
   and c.relkind in ('r', 'p')
   and exists (select from aclexplode(c.relacl) a where a.grantee <> c.relowner and a.privilege_type = 'TRUNCATE')
union all
-- A view reads as its owner unless told otherwise.
select c.relname, 'is a view that reads as its owner'
  from pg_class c
 where c.relnamespace = '${flyway:defaultSchema}'::regnamespace
   and (c.relkind = 'm' or c.relkind = 'v' and not coalesce('security_invoker=true' = any (c.reloptions), false))
union all
select p.proname, 'is a function that runs as its definer'
  from pg_proc p
 where p.pronamespace = '${flyway:defaultSchema}'::regnamespace
   and p.prosecdef
   and p.proname <> 'make_votes_partition'
union all
select c.relname, 'belongs to the application'
  from pg_class c
 where c.relnamespace = '${flyway:defaultSchema}'::regnamespace
   and pg_get_userbyid(c.relowner) = 'urvote_user';

grant select on ${flyway:defaultSchema}.unguarded_tables to urvote_user;
