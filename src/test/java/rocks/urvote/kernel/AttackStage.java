package rocks.urvote.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Four clients and sixteen people with everything there is of theirs, written by a superuser past all policies;
/// and all of it read again by a superuser, for the oracle.
final class AttackStage {

    static final int CLIENTS = 4;
    static final int USERS = 16;

    static final List<Table> TABLES = List.of(
            new Table("contest.clients", "id::text", "about", "about = about", true, false),
            new Table("contest.client_members", "client_id || '-' || user_id", null, "role = role", true, true),
            new Table("contest.contests", "id::text", "description", "description = description", true, false),
            new Table("contest.songs", "id::text", "title", "title = title", true, false),
            new Table("contest.votes", "id::text", "user_agent", "status = status", true, false),
            new Table(
                    "contest.ballots", "contest_id || '-' || voter_id || '-' || vote_day", null, "n = n", true, false),
            new Table("contest.song_tallies", "song_id || '-' || shard", null, "n = n", true, false),
            new Table("contest.vote_answers", "voter_id || '-' || idempotency_key", "body", "body = body", true, true),
            new Table("contest.vote_refusals", "contest_id || '-' || day || '-' || code", "code", "n = n", true, false),
            new Table("contest.archived_tallies", "month || '-' || song_id", null, "n = n", false, false),
            new Table("contest.audit_log", "id::text", "fact", "fact = fact", false, false),
            new Table("identity.users", "id::text", "username", "username = username", true, false),
            new Table("identity.sessions", "id::text", "user_agent", "user_agent = user_agent", true, true),
            new Table("identity.sign_in_codes", "id::text", "email", "tries = tries", true, true),
            new Table("identity.password_resets", "token_hash", "email", "email = email", true, true),
            new Table("identity.refresh_tokens", "token_hash", "token_hash", "issued_at = issued_at", true, true),
            new Table("identity.totp_secrets", "user_id::text", null, "tries = tries", true, true),
            new Table(
                    "identity.recovery_codes",
                    "user_id || '-' || code_hash",
                    "code_hash",
                    "code_hash = code_hash",
                    true,
                    true),
            new Table("identity.passkeys", "credential_id", "name", "name = name", true, true),
            new Table("identity.second_steps", "token_hash", "token_hash", "tries = tries", true, true),
            new Table("identity.erasures", "user_id::text", null, "erased_at = erased_at", false, true),
            new Table("identity.audit_log", "id::text", "fact", "fact = fact", false, false),
            new Table("media.files", "id::text", "path", "size = size", false, true));

    private final Map<Table, List<Map<String, Object>>> rows = new HashMap<>();

    AttackStage(JdbcClient superuser) {
        superuser.sql(SCRIPT).update();
        for (var table : TABLES) {
            rows.put(table, read(superuser, table));
        }
    }

    private static List<Map<String, Object>> read(JdbcClient superuser, Table table) {
        return superuser
                .sql("select t.*, %s as \"key\", %s as \"marker\" from %s t order by \"key\""
                        .formatted(table.key(), table.marker() == null ? "null" : table.marker(), table.name()))
                .query()
                .listOfRows()
                .stream()
                .map(AttackStage::present)
                .toList();
    }

    /// Without the columns that are null.
    private static Map<String, Object> present(Map<String, @Nullable Object> row) {
        var present = new HashMap<String, Object>();
        row.forEach((column, value) -> {
            if (value != null) {
                present.put(column, value);
            }
        });
        return present;
    }

    /// The tables that have not the same rows any more, whoever changed them.
    List<Table> changed(JdbcClient superuser) {
        return TABLES.stream()
                .filter(table -> !keys(read(superuser, table)).equals(keys(rows(table))))
                .toList();
    }

    private static List<String> keys(List<Map<String, Object>> rows) {
        return rows.stream()
                .map(row -> row.get("key") + " " + row.get("marker"))
                .toList();
    }

    List<Map<String, Object>> rows(Table table) {
        return Objects.requireNonNull(rows.get(table));
    }

    List<Map<String, Object>> rows(String table) {
        return rows(TABLES.stream()
                .filter(each -> each.name().equals(table))
                .findFirst()
                .orElseThrow());
    }

    /// Now and then one that is not there.
    static long anyUser(RandomGenerator random) {
        return 2001L + random.nextInt(USERS + 1);
    }

    static long anyClient(RandomGenerator random) {
        return 1001L + random.nextInt(CLIENTS + 1);
    }

    private static final String SCRIPT = """
        do $$
        begin
        insert into identity.users (id, email, email_folded, username, hashed_password, email_verified, verification_token)
        select 2000 + n, 'person' || n || '@example.org', 'person' || n || '@example.org', 'zzusers-' || n || 'zz', 'secret' || n, true, 'token' || n
          from generate_series(1, 16) n;
        insert into identity.sessions (id, user_id, rotation_key, user_agent)
        select ('00000000-0000-0000-0000-0000000000' || lpad(n::text, 2, '0'))::uuid, 2001 + n % 16, '\\x00', 'zzsessions-' || n || 'zz'
          from generate_series(1, 40) n;
        insert into identity.refresh_tokens (token_hash, session_id, expires_at)
        select 'zztokens-' || n || 'zz', ('00000000-0000-0000-0000-0000000000' || lpad(n::text, 2, '0'))::uuid, now() + interval '30 days'
          from generate_series(1, 40) n;
        insert into identity.sign_in_codes (email, email_folded, code_hash, expires_at)
        select 'zzcodes-' || n || 'zz@example.org', 'x', 'x', now() + interval '30 days' from generate_series(1, 10) n;
        insert into identity.password_resets (token_hash, user_id, email, expires_at)
        select 'reset' || n, 2000 + n, 'zzresets-' || n || 'zz@example.org', now() + interval '30 days' from generate_series(1, 10) n;
        insert into identity.totp_secrets (user_id, secret)
        select 2000 + n, '\\x00' from generate_series(1, 12) n;
        insert into identity.recovery_codes (user_id, code_hash)
        select 2001 + n % 16, 'zzrecovery-' || n || 'zz' from generate_series(1, 20) n;
        insert into identity.passkeys (credential_id, user_id, name, credential, sign_count)
        select 'key' || n, 2001 + n % 16, 'zzpasskeys-' || n || 'zz', '\\x00', 0 from generate_series(1, 20) n;
        insert into identity.second_steps (token_hash, user_id, expires_at)
        select 'zzsteps-' || n || 'zz', 2001 + n % 16, now() + interval '30 days' from generate_series(1, 20) n;
        insert into identity.audit_log (happened_at, fact, actor_role, actor_id, client_id, detail)
        select now(), 'zzlog-' || n || 'zz', 'user', 2000 + n, null, '{}' from generate_series(1, 10) n;
        insert into identity.erasures (user_id, mailbox)
        select 2000 + n, sha256(n::text::bytea) from generate_series(12, 16) n;
        insert into media.files (path, size, sha256, format, media_type, uploaded_by)
        select '2026/01/zzfiles-' || n || 'zz.mp3', 1, repeat('0', 64), 'mp3', 'audio/mpeg', 2001 + n % 16
          from generate_series(1, 40) n;
        insert into contest.clients (id, slug, name, about)
        select 1000 + n, 'client-' || n, 'Client ' || n, 'zzclients-' || n || 'zz' from generate_series(1, 4) n;
        -- Some are members of two clients, the last six of none.
        insert into contest.client_members (client_id, user_id, role)
        select 1001 + n % 4, 2001 + n % 10, case when n % 3 = 0 then 'owner' else 'moderator' end from generate_series(1, 14) n;
        -- The first of each client's three is a draft.
        insert into contest.contests (id, client_id, name, description, start_date, end_date, is_active)
        select 3000 + n, 1001 + n % 4, 'Contest ' || n, 'zzcontests-' || n || 'zz', now() - interval '1 day', now() + interval '30 days', n > 4
          from generate_series(1, 12) n;
        insert into contest.songs (id, client_id, contest_id, title, artist_name, ai_tools_used, external_link, artist_id, rights_declared_at,
                                   rights_text_version, entry_number, is_approved, approved_at, is_rejected, rejection_reason, withdrawn_at)
        select 4000 + n, c.client_id, c.id, 'zzsongs-' || n || 'zz', 'Somebody', 'none', 'https://example.org', 2005 + n % 8, now(), '1', n,
               n % 5 in (1, 4), case when n % 5 in (1, 4) then now() end, n % 5 = 2, case when n % 5 = 2 then 'no' end, case when n % 10 = 4 then now() end
          from generate_series(1, 72) n
          join contest.contests c on c.id = 3001 + n % 12;
        insert into contest.votes (song_id, contest_id, voter_id, vote_day, user_agent, ip_address)
        select s.id, s.contest_id, 2001 + (n * 7) % 16, (date_trunc('month', now()) - (n % 2) * interval '1 day')::date, 'zzvotes-' || n || 'zz', '192.0.2.' || n
          from generate_series(1, 150) n
          join contest.songs s on s.id = 4001 + n % 72
            on conflict do nothing;
        insert into contest.ballots (contest_id, voter_id, vote_day, lim, n, added, songs)
        select contest_id, voter_id, vote_day, 10, count(*), 1, array_agg(song_id) from contest.votes group by contest_id, voter_id, vote_day;
        insert into contest.song_tallies (song_id, shard, n) select song_id, 0, count(*) from contest.votes group by song_id;
        insert into contest.vote_answers (voter_id, idempotency_key, request_hash, http_status, body)
        select 2000 + n, 'key' || n, 'x', 201, 'zzanswers-' || n || 'zz' from generate_series(1, 16) n;
        insert into contest.vote_refusals (contest_id, day, code, n)
        select 3000 + n, current_date, 'zzrefusals-' || n || 'zz', n from generate_series(1, 12) n;
        insert into contest.archived_tallies (month, song_id, n) select '2020-01-01', 4000 + n, n from generate_series(1, 20) n;
        insert into contest.audit_log (happened_at, fact, actor_role, actor_id, client_id, detail)
        select now(), 'zzlines-' || n || 'zz', 'owner', 2000 + n, 1001 + n % 4, '{}' from generate_series(1, 16) n;
        -- However many are entered, none gets a number of these.
        perform setval(pg_get_serial_sequence(format('%I.%I', table_schema, table_name), column_name), 1000000)
           from information_schema.columns
          where is_identity = 'YES'
            and table_schema || '.' || table_name
                in ('identity.users', 'contest.clients', 'contest.contests', 'contest.songs');
        end
        $$
        """;
}
