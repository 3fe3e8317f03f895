package rocks.urvote.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class FreshDatabasesIT {

    @Test
    void givesEveryCallerADatabaseOfTheirOwn() {
        var first = TestPostgres.freshDatabase();
        var second = TestPostgres.freshDatabase();

        assertThat(first)
                .isNotEqualTo(second)
                .startsWith("postgresql://postgres:")
                .contains("@127.0.0.1:");
        assertThat(database(first).sql("select version()").query(String.class).single())
                .startsWith("PostgreSQL 18");
    }

    @Test
    void copiesADatabaseWithAllThatIsInIt() {
        var original = TestPostgres.freshDatabase();
        database(original).sql("create table song as select 'Björk' as title").update();

        var copy = TestPostgres.copyOf(original.substring(original.lastIndexOf('/') + 1));

        assertThat(database(copy)
                        .sql("select title from song")
                        .query(String.class)
                        .single())
                .isEqualTo("Björk");
    }

    @Test
    void startsDebiansPostgresWhereItIs() {
        assumeTrue(DebianPostgres.isHere(), "postgresql-15 is not on this machine");

        assertThat(database(DebianPostgres.freshDatabase())
                        .sql("select version()")
                        .query(String.class)
                        .single())
                .startsWith("PostgreSQL 15");
    }

    private static JdbcClient database(String url) {
        var at = url.indexOf('@');
        var source = new DriverManagerDataSource("jdbc:postgresql://" + url.substring(at + 1));
        source.setUsername("postgres");
        source.setPassword(url.substring("postgresql://postgres:".length(), at));
        return JdbcClient.create(source);
    }
}
