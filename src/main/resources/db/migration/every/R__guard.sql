-- Everything in this schema through which a row could slip past row level security. Empty, or the start is refused.
-- What concerns the whole database, its roles above all, is looked at by the program (operations.Guard).
create or replace view ${flyway:defaultSchema}.unguarded_tables with (security_invoker = true) as
with ours as (
    -- The tables of this schema, and what hangs on them, wherever it lies: partitions and heirs.
    select c.oid, c.relname::text as name, c.relispartition or parent.inhparent is not null as child,
           c.relrowsecurity and c.relforcerowsecurity as forced, c.relowner, c.relacl
      from pg_class c
      left join pg_inherits parent on parent.inhrelid = c.oid
      left join pg_class p on p.oid = parent.inhparent
     where c.relkind in ('r', 'p', 'f')
       and '${flyway:defaultSchema}'::regnamespace in (c.relnamespace, p.relnamespace)
), granted as (
    select o.oid, o.name, o.child, a.grantee, a.privilege_type as privilege
      from ours o
     cross join lateral aclexplode(o.relacl) a
     where a.grantee <> o.relowner
    union
    select o.oid, o.name, o.child, a.grantee, a.privilege_type
      from ours o
      join pg_attribute t on t.attrelid = o.oid
     cross join lateral aclexplode(t.attacl) a
     where a.grantee <> o.relowner
)
-- A table whose rows are not under a forced policy. The outbox and the history of migrations hold nobody's rows.
select name, 'row level security is not enabled and forced' as reason
  from ours
 where not forced
   and name not in ('flyway_schema_history', 'event_publication')
union all
-- One without any policy is silently empty for everyone, which nobody meant who granted it.
select distinct name, 'is granted to others and has no policy'
  from granted
 where not child
   and name not in ('flyway_schema_history', 'event_publication')
   and not exists (select from pg_policy p where p.polrelid = granted.oid)
union all
-- A partition somebody could address directly, around its parent's policies.
select distinct name, 'is a partition with grants of its own'
  from granted
 where child
union all
-- Truncate asks no policy, nor does a trigger of one's own; and what must stay may not be deleted by anyone.
select distinct name, format('lets %s %s', case when grantee = 0 then 'everybody' else pg_get_userbyid(grantee) end, lower(privilege))
  from granted
 where grantee = 0
    or privilege not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    or privilege = 'DELETE' and name in ('votes', 'ballots', 'song_tallies', 'archived_tallies', 'audit_log', 'audit_seals')
    or privilege = 'UPDATE' and name in ('archived_tallies', 'audit_log', 'audit_seals')
    or privilege <> 'SELECT' and pg_get_userbyid(grantee) in ('urvote_readonly', 'urvote_backup')
union all
-- A view reads as its owner unless told otherwise, and one elsewhere may read what is ours.
select case when v.relnamespace = '${flyway:defaultSchema}'::regnamespace then v.relname::text
            else format('%s.%s', v.relnamespace::regnamespace, v.relname) end,
       'is a view that reads as its owner'
  from pg_class v
 where (v.relkind = 'm'
        or v.relkind = 'v' and not coalesce(v.reloptions && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false))
   and (v.relnamespace = '${flyway:defaultSchema}'::regnamespace
        or exists (select
                     from pg_rewrite r
                     join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
                     join ours o on o.oid = d.refobjid
                    where r.ev_class = v.oid))
union all
select o.name, 'has a rule, which acts as the owner of the table'
  from ours o
 where exists (select from pg_rewrite r where r.ev_class = o.oid)
union all
select p.proname::text, 'is a function that runs as its definer'
  from pg_proc p
 where p.pronamespace = '${flyway:defaultSchema}'::regnamespace
   and p.prosecdef
   and not (p.proname = 'make_votes_partition'
            and pg_get_userbyid(p.proowner) = 'urvote_owner'
            and coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false))
union all
-- Foreign keys ask no policy. Between two tables that both know their client, or both their contest, a key has to carry
-- it along, or a row of one client could point to another's.
select t.name, format('has the key %s without %s, which both its tables have', k.conname, scope.name)
  from pg_constraint k
  join ours t on t.oid = k.conrelid and not t.child
 cross join (values ('client_id'), ('contest_id')) scope (name)
  join pg_attribute mine on mine.attrelid = k.conrelid and mine.attname = scope.name
  join pg_attribute other on other.attrelid = k.confrelid and other.attname = scope.name
 where k.contype = 'f'
   and not exists (select from unnest(k.conkey, k.confkey) pair (mine, other) where pair.mine = mine.attnum and pair.other = other.attnum)
union all
-- What is granted on all tables to come is granted on every partition to come.
select 'tables to come', format('of %s are granted to others', pg_get_userbyid(d.defaclrole))
  from pg_default_acl d
 where d.defaclobjtype = 'r'
   and d.defaclnamespace in (0, '${flyway:defaultSchema}'::regnamespace)
   and exists (select from aclexplode(d.defaclacl) a where a.grantee <> d.defaclrole)
union all
select owned.name, 'belongs to the application'
  from (select c.relname::text, c.relowner from pg_class c
         where c.relnamespace = '${flyway:defaultSchema}'::regnamespace and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
        union all
        select p.proname::text, p.proowner from pg_proc p where p.pronamespace = '${flyway:defaultSchema}'::regnamespace
        union all
        select n.nspname::text, n.nspowner from pg_namespace n where n.nspname = '${flyway:defaultSchema}') owned (name, owner)
 where pg_get_userbyid(owned.owner) in ('urvote_user', 'urvote_readonly', 'urvote_backup');

grant select on ${flyway:defaultSchema}.unguarded_tables to urvote_user;
