set local lock_timeout = '5s';

alter table songs validate constraint a_song_is_a_file_or_a_link;
