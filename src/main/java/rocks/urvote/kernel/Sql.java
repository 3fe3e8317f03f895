package rocks.urvote.kernel;

import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The way to SQL: domain values stand in statements as they are, and each statement says where it comes from.
public interface Sql {

    static JdbcClient on(DataSource database) {
        var conversions = DomainSql.conversions();
        return new SignedSql(new RecordSql(JdbcClient.create(new DomainSql(database), conversions), conversions));
    }
}
