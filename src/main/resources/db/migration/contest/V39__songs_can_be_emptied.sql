-- When its artist is erased, a song loses all they wrote and sent; its row, and what it won, stay.
set local lock_timeout = '5s';

alter table songs add column erased_at timestamptz;
alter table songs drop constraint a_song_is_a_file_or_a_link;
alter table songs add constraint a_song_is_a_file_or_a_link
    check (external_link is not null or file_path is not null or erased_at is not null) not valid;

create policy songs_of_the_erased_are_emptied on songs for update
    using ((select contest.acting_role()) = 'chore');

grant update (erased_at) on songs to urvote_user;
