create table files (
    id          bigint       generated always as identity primary key,
    path        varchar(500) not null,
    size        bigint       not null,
    sha256      varchar(64)  not null,
    format      varchar(10)  not null,
    media_type  varchar(100) not null,
    duration_ms bigint,
    uploaded_by bigint       not null,
    created_at  timestamptz  not null default now(),
    constraint a_path_leads_to_one_file unique (path),
    constraint a_path_stays_in_its_folder check (path ~ '^[0-9]{4}/[0-9]{2}/[A-Za-z0-9_-]+\.[a-z0-9]+$'),
    constraint a_file_is_not_empty check (size > 0),
    constraint a_checksum_is_sha256_in_hex check (sha256 ~ '^[0-9a-f]{64}$'),
    constraint formats_are_known check (format in ('mp3', 'wav', 'flac', 'm4a', 'aac', 'ogg', 'opus'))
);
comment on column files.path is 'below the uploads folder: YYYY/MM/<server-made name>';
comment on column files.uploaded_by is 'a user of the user service: no foreign key crosses services';

create index idx_files_uploaded_by on files (uploaded_by);

alter table files enable row level security;
alter table files force row level security;
create policy uploaders_see_their_files on files for select
    using (uploaded_by = media.acting_user() or media.acting_role() in ('admin', 'lookup', 'chore'));
create policy people_upload_for_themselves on files for insert
    with check (uploaded_by = media.acting_user() or media.acting_role() in ('admin', 'chore'));
create policy refused_and_replaced_files_go on files for delete
    using (media.acting_role() = 'chore');

grant select, insert, delete on files to urvote_user;
