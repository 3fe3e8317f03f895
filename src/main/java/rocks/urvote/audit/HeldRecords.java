package rocks.urvote.audit;

import java.util.List;
import java.util.Map;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.Acting.Role;
import rocks.urvote.kernel.Holding;

/// What is on record of what people did, and of what was done with their accounts. It stays when they are erased: it
/// knows numbers, and no names or addresses.
@Component
@Order(100)
class HeldRecords implements Holding {

    private static final Map<String, String> LOGS =
            Map.of("identity", "record_of_account", "contest", "record_of_contests", "media", "record_of_files");

    @Override
    public List<Part> parts() {
        return LOGS.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(log -> new Part(log.getValue(), Role.USER, "0", """
                    select id::text as key, row_to_json(held)::text as json
                      from (select id, happened_at, fact, detail
                              from %s.audit_log
                             where (actor_id = :person or detail ->> 'user' = :person::text)
                               and id > cast(:after as bigint)
                             order by id
                             limit :rows) held
                    """.formatted(log.getKey())))
                .toList();
    }
}
