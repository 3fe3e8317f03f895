package rocks.urvote.operations.backups;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rocks.urvote.operations.DatabaseUrl;

class PgToolsTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        postgresql://ada:secret@db:5433/urvote                          | postgresql://ada@db:5433/urvote
        postgresql://ada:secret@db/urvote?connect_timeout=3&b=2         | postgresql://ada@db/urvote?connect_timeout=3
        postgresql://ada:secret@a,b/urvote?targetServerType=primary     | postgresql://ada@a,b/urvote?target_session_attrs=primary
        postgresql://ada:secret@a,b/urvote?targetServerType=secondary   | postgresql://ada@a,b/urvote?target_session_attrs=standby
        postgresql://ada:secret@a,b/urvote?targetServerType=preferSecondary | postgresql://ada@a,b/urvote?target_session_attrs=prefer-standby
        postgresql://ada:secret@a,b/urvote?targetServerType=preferPrimary   | postgresql://ada@a,b/urvote?target_session_attrs=any
        postgresql://ada:secret@a,b/urvote?targetServerType=any         | postgresql://ada@a,b/urvote?target_session_attrs=any
        """)
    void areToldTheSameOfTheServerAsTheDriver(String url, String libpq) {
        assertThat(PgTools.libpq(DatabaseUrl.parse(url))).isEqualTo(libpq);
    }
}
