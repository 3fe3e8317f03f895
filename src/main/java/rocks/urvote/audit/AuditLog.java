package rocks.urvote.audit;

import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import rocks.urvote.kernel.Fact;
import tools.jackson.databind.json.JsonMapper;

/// Hears every fact in the transaction in which it happens: either both are on record or neither.
@Component
class AuditLog {

    /// Each service has its own log in its own schema.
    private static final Map<String, String> SCHEMAS = Map.of("identity", "identity", "media", "media");

    private final JdbcClient db;
    private final JsonMapper json;

    AuditLog(JdbcClient db, JsonMapper json) {
        this.db = db;
        this.json = json;
    }

    @EventListener
    void write(Fact fact) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("%s was published outside of a transaction".formatted(fact));
        }
        db.sql("insert into %s.audit_log (happened_at, fact, detail) values (:at, :fact, :detail::jsonb)"
                        .formatted(schema(fact)))
                .param("at", fact.at())
                .param("fact", fact.getClass().getSimpleName())
                .param("detail", json.writeValueAsString(fact))
                .update();
    }

    private static String schema(Fact fact) {
        var module = fact.getClass().getPackageName().replaceFirst("rocks\\.urvote\\.", "");
        return SCHEMAS.getOrDefault(module, "contest");
    }
}
