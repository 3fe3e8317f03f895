-- Their sum over the songs of a contest never falls, so it tells a newer leaderboard from an older one on any node.
alter table song_tallies add column changes bigint not null default 0;
comment on column song_tallies.changes is 'how often this row was written; whoever changes n adds 1 here';
