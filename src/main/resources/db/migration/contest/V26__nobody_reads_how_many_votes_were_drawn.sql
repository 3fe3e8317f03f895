-- The sequence would tell everyone how many votes there are in all contests together.
revoke select on sequence votes_id_seq from urvote_user;
