package rocks.urvote.identity;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import rocks.urvote.kernel.UserId;
import rocks.urvote.web.Tokens;

/// Where people are signed in, and the refresh tokens that keep them so.
///
/// A refresh token is good once. Its successor is computed from it under a key that only the session's row holds, so
/// that two tabs which show the same one get the same next one without it being stored anywhere.
@Repository
class Sessions {

    private final JdbcClient db;
    private final AccessTokenWriter writer;
    private final EndedSessions ended;
    private final TwoFactor twoFactor;
    private final SecondSteps secondSteps;
    private final IdentitySettings settings;
    private final ApplicationEventPublisher facts;
    private final Clock clock;

    Sessions(
            JdbcClient db,
            AccessTokenWriter writer,
            EndedSessions ended,
            TwoFactor twoFactor,
            SecondSteps secondSteps,
            IdentitySettings settings,
            ApplicationEventPublisher facts,
            Clock clock) {
        this.db = db;
        this.writer = writer;
        this.ended = ended;
        this.twoFactor = twoFactor;
        this.secondSteps = secondSteps;
        this.settings = settings;
        this.facts = facts;
        this.clock = clock;
    }

    /// A refresh token with its session, as both stand once nobody else is at work on them.
    record Shown(
            UUID session,
            UserId user,
            String rotationKey,
            boolean over,
            boolean expired,
            @Nullable Duration used) {}

    /// One place where somebody is signed in.
    record Place(
            UUID id,
            Instant startedAt,
            Instant lastSeen,
            @Nullable String userAgent,
            @Nullable String countryCode) {}

    /// @param country where somebody comes from, as far as that is known; the address itself is not kept
    Tokens open(User user, @Nullable String userAgent, Optional<String> country) {
        var session = UUID.randomUUID();
        db.sql("""
            insert into sessions (id, user_id, rotation_key, user_agent, country_code)
            values (:id, :user, :key, cast(:agent as text), cast(:country as text))
            """)
                .param("id", session)
                .param("user", user.id())
                .param("key", Secrets.bytes())
                .param("agent", shortened(userAgent))
                .param("country", country.orElse(null))
                .update();
        var token = Secrets.token();
        add(session, token);
        facts.publishEvent(new SignedIn(user.id(), session, clock.instant()));
        return tokens(user, session, token);
    }

    /// Finds a refresh token and keeps its session to this transaction.
    Optional<Shown> show(String token) {
        return db.sql("""
            select s.id, s.user_id, encode(s.rotation_key, 'hex') as rotation_key,
                   s.ended_at is not null as over,
                   r.expires_at <= now() as expired,
                   extract(epoch from clock_timestamp() - r.used_at) as used_seconds
              from refresh_tokens r
              join sessions s on s.id = r.session_id
             where r.token_hash = :token
               for update
            """)
                .param("token", Secrets.hash(token))
                .query((row, _) -> new Shown(
                        row.getObject("id", UUID.class),
                        new UserId(row.getLong("user_id")),
                        row.getString("rotation_key"),
                        row.getBoolean("over"),
                        row.getBoolean("expired"),
                        seconds(row.getBigDecimal("used_seconds"))))
                .optional();
    }

    private static @Nullable Duration seconds(@Nullable BigDecimal seconds) {
        return seconds == null
                ? null
                : Duration.ofMillis(seconds.movePointRight(3).longValue());
    }

    /// The tokens that follow; the same refresh token each time it is asked for.
    Tokens follow(Shown shown, String token, User user) {
        var successor = Secrets.text(Secrets.hmac(HexFormat.of().parseHex(shown.rotationKey()), token));
        if (shown.used() == null) {
            db.sql("update refresh_tokens set used_at = clock_timestamp() where token_hash = :token")
                    .param("token", Secrets.hash(token))
                    .update();
            add(shown.session(), successor);
        }
        return tokens(user, shown.session(), successor);
    }

    /// The session a refresh token belongs to, used or not.
    Optional<UUID> of(String refreshToken) {
        return db.sql("select session_id from refresh_tokens where token_hash = :token")
                .param("token", Secrets.hash(refreshToken))
                .query(UUID.class)
                .optional();
    }

    int end(UUID session, Ending why) {
        return announce(ending("id = :session", why).param("session", session), why);
    }

    int endAll(UserId user, Ending why) {
        return endAllBut(null, user, why);
    }

    /// How many it were. A sign-in that waits for its second step leads nowhere any more.
    int endAllBut(@Nullable UUID kept, UserId user, Ending why) {
        secondSteps.forget(user);
        return announce(
                ending("user_id = :user and id is distinct from cast(:kept as uuid)", why)
                        .param("user", user)
                        .param("kept", kept),
                why);
    }

    private JdbcClient.StatementSpec ending(String which, Ending why) {
        return db.sql("""
            update sessions
               set ended_at = now(), ended_why = :why
             where ended_at is null and %s
            returning id, user_id
            """.formatted(which)).param("why", why);
    }

    boolean isYoungerThan(UUID session, Duration age) {
        return db.sql("""
            select exists (select from sessions
                            where id = :session and started_at > now() - make_interval(secs => :seconds))
            """)
                .param("session", session)
                .param("seconds", (double) age.toSeconds())
                .query(Boolean.class)
                .single();
    }

    List<Place> places(UserId user) {
        return db.sql("""
            select s.id, s.started_at, max(r.issued_at) as last_seen, s.user_agent, s.country_code
              from sessions s
              join refresh_tokens r on r.session_id = s.id
             where s.user_id = :user and s.ended_at is null
             group by s.id
            having max(r.expires_at) > now()
             order by last_seen desc
             limit 50
            """)
                .param("user", user)
                .query((row, _) -> new Place(
                        row.getObject("id", UUID.class),
                        row.getTimestamp("started_at").toInstant(),
                        row.getTimestamp("last_seen").toInstant(),
                        row.getString("user_agent"),
                        row.getString("country_code")))
                .list();
    }

    /// Tokens that have run out are of no use, not even as a sign of theft: their session ended with them.
    int forget() {
        return db.sql("delete from refresh_tokens where expires_at < now() - interval '1 day'")
                .update();
    }

    /// Sessions that have been over for a month, and those whose last token is gone.
    int forgetOver() {
        return db.sql("""
            delete from sessions s
             where s.ended_at < now() - interval '30 days'
                or s.started_at < now() - interval '1 day'
                   and not exists (select from refresh_tokens r where r.session_id = s.id)
            """).update();
    }

    /// What browser somebody had, and where.
    void forgetBrowsers(UserId user) {
        db.sql("update sessions set user_agent = null, country_code = null where user_id = :user")
                .param("user", user)
                .update();
    }

    private record EndedRow(UUID id, UserId userId) {}

    private int announce(JdbcClient.StatementSpec ending, Ending why) {
        var rows = ending.query(
                        (row, _) -> new EndedRow(row.getObject("id", UUID.class), new UserId(row.getLong("user_id"))))
                .list();
        if (rows.isEmpty()) {
            return 0;
        }
        var sessions = rows.stream().map(EndedRow::id).toList();
        ended.announce(sessions);
        facts.publishEvent(new SessionsEnded(rows.getFirst().userId(), sessions, why, clock.instant()));
        return rows.size();
    }

    private void add(UUID session, String token) {
        db.sql("""
            insert into refresh_tokens (token_hash, session_id, expires_at)
            values (:token, :session, now() + make_interval(secs => :seconds))
            """)
                .param("token", Secrets.hash(token))
                .param("session", session)
                .param("seconds", (double) settings.refreshTokenAge().toSeconds())
                .update();
    }

    private Tokens tokens(User user, UUID session, String refresh) {
        return new Tokens(
                writer.write(user, session, twoFactor.mustSetUp(user)),
                settings.accessTokenAge(),
                refresh,
                settings.refreshTokenAge());
    }

    private static @Nullable String shortened(@Nullable String userAgent) {
        if (userAgent == null) {
            return null;
        }
        var printable = userAgent.replaceAll("\\p{Cntrl}", " ");
        return printable.length() > 300 ? printable.substring(0, 300) : printable;
    }
}
