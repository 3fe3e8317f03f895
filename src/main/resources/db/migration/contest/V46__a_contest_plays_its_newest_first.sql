-- What a contest plays, newest first, is read a page at a time in this order; without it all of its songs are read for
-- each page. Making it waits for whoever reads, for a backup too, and holds up nobody meanwhile.
set lock_timeout = '10min';

drop index concurrently if exists idx_songs_newest;
create index concurrently idx_songs_newest on songs (contest_id, approved_at desc, id desc) where status = 'approved';
