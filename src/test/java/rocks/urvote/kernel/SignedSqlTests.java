package rocks.urvote.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignedSqlTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select 1|select /* songs.Songs.find */ 1",
                "with a as (select 1) table a|with /* songs.Songs.find */ a as (select 1) table a",
                "select|select /* songs.Songs.find */",
                "(select 1)|(select 1) /* songs.Songs.find */",
                "select'a'|select /* songs.Songs.find */'a'"
            })
    void namesTheOriginWherePostgresKeepsIt(String sql, String signed) {
        assertThat(SignedSql.signed(sql, "songs.Songs.find")).isEqualTo(signed);
    }

    @Test
    void namesTheOriginAtTheEndWhereAStatementBeginsWithAComment() {
        assertThat(SignedSql.signed("-- why\nselect 1", "songs.Songs.find"))
                .isEqualTo("-- why\nselect 1 /* songs.Songs.find */");
    }

    @Test
    void leavesAStatementOfOthersAsItIs() {
        assertThat(SignedSql.signed("select 1", "")).isEqualTo("select 1");
    }
}
