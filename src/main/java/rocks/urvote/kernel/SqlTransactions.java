package rocks.urvote.kernel;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Sets `urvote.role`, `urvote.user_id`, `urvote.client_id` and `urvote.reason` until the end of the transaction.
@Component
final class SqlTransactions implements Transactions {

    private final TransactionTemplate transaction;
    private final JdbcClient db;

    SqlTransactions(PlatformTransactionManager manager, JdbcClient db) {
        this.transaction = new TransactionTemplate(manager);
        this.db = db;
    }

    @Override
    public <T> T as(Acting acting, Supplier<T> work) {
        return transaction.execute(status -> {
            var before = (Acting) TransactionSynchronizationManager.getResource(this);
            become(acting);
            if (acting.role() == Acting.Role.CHORE) {
                mayTakeLonger();
            }
            remember(acting);
            try {
                T result = work.get();
                if (before != null) {
                    become(before);
                }
                return result;
            } finally {
                remember(before);
            }
        });
    }

    private void become(Acting acting) {
        db.sql("""
            select set_config('urvote.role', :role, true),
                   set_config('urvote.user_id', :user, true),
                   set_config('urvote.client_id', :client, true),
                   set_config('urvote.reason', :reason, true)
            """)
                .param("role", acting.role())
                .param("user", text(acting.user()))
                .param("client", text(acting.client()))
                .param("reason", Reason.given())
                .query()
                .singleRow();
    }

    /// What nobody waits for may take more time than what a request asks.
    private void mayTakeLonger() {
        db.sql("set local statement_timeout = '100s'").update();
    }

    private void remember(@Nullable Acting acting) {
        TransactionSynchronizationManager.unbindResourceIfPossible(this);
        if (acting != null) {
            TransactionSynchronizationManager.bindResource(this, acting);
        }
    }

    private static String text(@Nullable Id id) {
        return id == null ? "" : Long.toString(id.value());
    }
}
