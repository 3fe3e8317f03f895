package rocks.urvote.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.operations.News;

/// The keys that sign access tokens. Each node makes its own, keeps the private half in its data folder, readable by
/// its owner only, and publishes the other half in the database, where every node finds all of them.
@Component
final class SigningKeys implements News {

    private static final String CHANNEL = "urvote_signing_keys";

    private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

    private final Path file;
    private final Transactions transactions;
    private final JdbcClient db;
    private @Nullable ECKey own;
    private volatile @Nullable JWKSet all;

    SigningKeys(IdentitySettings settings, Transactions transactions, JdbcClient db) {
        this.file = settings.data("keys").resolve("signing-key.json");
        this.transactions = transactions;
        this.db = db;
    }

    /// This node's, published before it is used the first time.
    synchronized ECKey own() {
        if (own == null) {
            var key = Files.exists(file) ? read() : make();
            publish(key);
            load();
            own = key;
        }
        return own;
    }

    /// The public halves of every node's.
    JWKSet all() {
        var known = all;
        return known == null ? load() : known;
    }

    @Override
    public String channel() {
        return CHANNEL;
    }

    @Override
    public void hear(String payload) {
        load();
    }

    @Override
    public void catchUp() {
        own();
        load();
    }

    /// Reads again which keys there are.
    private JWKSet load() {
        var published = transactions.as(
                Acting.CHORE,
                () -> db.sql("select public_jwk::text from signing_keys where retired_at is null order by created_at")
                        .query(String.class)
                        .list());
        var keys = new ArrayList<JWK>();
        for (var text : published) {
            try {
                keys.add(JWK.parse(text).toPublicJWK());
            } catch (ParseException e) {
                log.warn("A row of signing_keys is no key: {}", e.getMessage());
            }
        }
        var loaded = new JWKSet(keys);
        all = loaded;
        return loaded;
    }

    private void publish(ECKey key) {
        transactions.as(Acting.CHORE, () -> {
            var added = db.sql("""
                insert into signing_keys (id, public_jwk)
                values (:id, :jwk::jsonb)
                    on conflict do nothing
                """)
                    .param("id", key.getKeyID())
                    .param("jwk", key.toPublicJWK().toJSONString())
                    .update();
            if (added == 1) {
                db.sql("select pg_notify(:channel, :id)")
                        .param("channel", CHANNEL)
                        .param("id", key.getKeyID())
                        .query()
                        .singleRow();
            }
        });
    }

    private ECKey read() {
        try {
            var key = ECKey.parse(Files.readString(file));
            if (!key.isPrivate()) {
                throw new IllegalStateException("%s holds no private key".formatted(file));
            }
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParseException e) {
            throw new IllegalStateException("%s holds no key; move it away to have a new one made".formatted(file), e);
        }
    }

    private ECKey make() {
        try {
            var key = new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            var fresh = file.resolveSibling("signing-key.%s.tmp".formatted(Secrets.mark()));
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, key.toJSONString(), StandardOpenOption.SYNC);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JOSEException e) {
            throw new IllegalStateException("Every Java makes keys on P-256", e);
        }
    }
}
