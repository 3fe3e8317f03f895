package rocks.urvote.media;

import java.time.Instant;
import java.util.List;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting;
import rocks.urvote.kernel.Acting.Role;
import rocks.urvote.kernel.Holding;
import rocks.urvote.kernel.Transactions;
import rocks.urvote.kernel.UserId;

/// What people have uploaded: the rows, and at last the files themselves.
@Component
@Order(50)
class HeldFiles implements Holding {

    private final Transactions transactions;
    private final JdbcClient db;
    private final Files files;

    HeldFiles(Transactions transactions, JdbcClient db, Files files) {
        this.transactions = transactions;
        this.db = db;
        this.files = files;
    }

    @Override
    public List<Part> parts() {
        return List.of(new Part("files", Role.USER, "0", """
            select id::text as key, row_to_json(held)::text as json
              from (select id, path, size, sha256, format, media_type, duration_ms, created_at
                      from files
                     where uploaded_by = :person and id > cast(:after as bigint)
                     order by id
                     limit :rows) held
            """));
    }

    @Override
    public void erase(UserId person, Instant until) {
        var paths = transactions.as(
                Acting.CHORE,
                () -> db.sql("select path from files where uploaded_by = :person and created_at <= :until")
                        .param("person", person)
                        .param("until", until)
                        .query((row, _) -> row.getString(1))
                        .list());
        paths.forEach(files::discard);
    }
}
