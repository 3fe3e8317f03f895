-- Seals over the log: each holds the lines it names and the seal before it, so that none of them can be changed or taken
-- away without the rest no longer fitting. A seal names its lines, as numbers are missing where a transaction was undone.
create table ${flyway:defaultSchema}.audit_seals (
    no        bigint         primary key,
    ids       int8multirange not null,
    lines     bigint         not null,
    digest    bytea          not null,
    sealed_at timestamptz    not null default now(),
    constraint a_seal_holds_lines check (lines > 0 and not isempty(ids)),
    constraint a_digest_is_sha256 check (octet_length(digest) = 32)
);
comment on column ${flyway:defaultSchema}.audit_seals.digest is 'SHA-256 over the digest before and those of the lines by their ids; see docs/security.md';

alter table ${flyway:defaultSchema}.audit_seals enable row level security;
alter table ${flyway:defaultSchema}.audit_seals force row level security;
create policy admins_read_the_seals on ${flyway:defaultSchema}.audit_seals
    for select using (${flyway:defaultSchema}.acting_role() in ('admin', 'chore'));
create policy seals_are_set_in_the_background on ${flyway:defaultSchema}.audit_seals
    for insert with check (${flyway:defaultSchema}.acting_role() = 'chore');

grant select, insert on ${flyway:defaultSchema}.audit_seals to urvote_user;
