package rocks.urvote.contests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rocks.urvote.operations.Program;
import rocks.urvote.testkit.TestPostgres;

class ImportIT {

    static final String SEED = """
            client_name    |           contest_name            | is_active\s
        -------------------+-----------------------------------+-----------
         PayPortPro        | Patriotic AI Music Challenge 2024 | t
         Sound of Chi      | Community Playlist Contest        | t
         Jericho Homestead | The House of Mary & Joseph        | t
         Sound of Chi      | Community Playlist Contest        | t
         Jericho Homestead | The House of Mary & Joseph        | t
         Sound of Chi      | Community Playlist Contest        | t
         Jericho Homestead | The House of Mary & Joseph        | t
        (7 rows)
        """;

    @TempDir
    Path folder;

    String database;
    StringWriter out = new StringWriter();

    @BeforeEach
    void anEmptyDatabase() {
        database = TestPostgres.freshDatabase();
    }

    @Test
    void makesThreeContestsOfTheSevenRowsAndReportsTheRepetitions() throws Exception {
        var file = file(SEED);

        assertThat(run("import", "--from", file, "--yes")).isZero();

        assertThat(out.toString())
                .contains("line 3: new contest PayPortPro / Patriotic AI Music Challenge 2024")
                .contains("line 6: repeats line 4, merged with it: Sound of Chi / Community Playlist Contest")
                .contains("line 9: repeats line 5, merged with it: Jericho Homestead / The House of Mary & Joseph")
                .contains("Made: 3 clients, 3 contests. Repetitions merged: 4. There already: 0.");
        assertThat(listing())
                .containsExactly(
                        "jericho-homestead|Jericho Homestead|The House of Mary & Joseph|t|f|30 days",
                        "payportpro|PayPortPro|Patriotic AI Music Challenge 2024|t|f|30 days",
                        "sound-of-chi|Sound of Chi|Community Playlist Contest|t|f|30 days");
        assertThat(rows("select state from (select case when start_date <= now() and now() < end_date then 'open' end"
                        + " as state from contest.contests) s"))
                .containsOnly("open")
                .hasSize(3);
        assertThat(rows("select count(*)::text from contest.audit_log where fact like '%ContestAdded'"))
                .containsExactly("3");
    }

    @Test
    void changesNothingWhenRunAgain() throws Exception {
        run("import", "--from", file(SEED), "--yes");
        var before = rows("select co::text from contest.contests co order by id");

        assertThat(run(
                        "import",
                        "--from",
                        file("client_name,contest_name,is_active\nSOUND  of chi, community playlist   CONTEST ,f\n"),
                        "--yes"))
                .isZero();

        assertThat(out.toString())
                .contains("line 2: is there already and stays as it is")
                .contains("Made: 0 clients, 0 contests. Repetitions merged: 0. There already: 1.");
        assertThat(rows("select co::text from contest.contests co order by id")).isEqualTo(before);
    }

    @Test
    void onlySaysWhatItWouldDoWithoutYes() throws Exception {
        assertThat(run("import", "--from", file(SEED))).isZero();

        assertThat(out.toString())
                .contains("Would be made: 3 clients, 3 contests. Repetitions merged: 4.")
                .contains("--yes");
        assertThat(rows("select name from contest.clients union all select name from contest.contests"))
                .isEmpty();
        assertThat(rows("select fact from contest.audit_log")).isEmpty();
    }

    @Test
    void importsAllOrNothing() throws Exception {
        var file = file("client_name,contest_name,is_active\nChi,Playlist,t\nChi,,t\nChi,Other,perhaps\n");

        assertThat(run("import", "--from", file, "--yes")).isEqualTo(1);

        assertThat(out.toString())
                .contains("line 3, column contest_name: is required")
                .contains("line 4, column is_active: must be t or f");
    }

    @Test
    void givesClientsSlugsOfTheirOwn() throws Exception {
        run("import", "--from", file("client_name,contest_name,is_active\nCafé,A,t\nCafe,B,t\nCAFÉ,C,f\n"), "--yes");

        assertThat(listing())
                .containsExactly("cafe-2|Cafe|B|t|f|30 days", "cafe|Café|A|t|f|30 days", "cafe|Café|C|f|f|30 days");
    }

    @Test
    void readsTheDatabaseOfAnotherInstallation() throws Exception {
        var other = TestPostgres.freshDatabase();
        execute(other, """
            create table clients (id int primary key, name text);
            create table contests (id serial, name varchar(255), is_active boolean default true, client_id int);
            insert into clients values (1, 'Sound of Chi'), (2, 'PayPortPro');
            insert into contests (name, client_id) values ('Playlist', 1), ('Playlist', 1), ('Anthem', 2);
            """);

        assertThat(run("import", "--from", other, "--yes")).as(out.toString()).isZero();

        assertThat(out.toString()).contains("row 2: repeats row 1").contains("Made: 2 clients, 2 contests.");
        assertThat(listing())
                .containsExactly(
                        "payportpro|PayPortPro|Anthem|t|f|30 days", "sound-of-chi|Sound of Chi|Playlist|t|f|30 days");
    }

    @Test
    void saysInOneLineWhatItCannotRead() throws Exception {
        var empty = TestPostgres.freshDatabase();
        var bytes = Files.write(folder.resolve("latin1.csv"), new byte[] {'c', (byte) 0xE9, '\n'});

        assertThat(run("import", "--from", folder.resolve("missing.csv").toString()))
                .isEqualTo(1);
        assertThat(out.toString()).contains("there is no file");
        assertThat(run("import", "--from", bytes.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("not written in UTF-8");
        assertThat(run("import", "--from", empty)).isEqualTo(1);
        assertThat(out.toString()).contains("has no table contests");
        assertThat(run("import", "--from", "postgresql://user:s3cret@/")).isEqualTo(1);
        assertThat(out.toString()).doesNotContain("s3cret");
        assertThat(run("import")).isEqualTo(2);
    }

    private String file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "listing", ".csv"), text)
                .toString();
    }

    private int run(String... arguments) {
        out = new StringWriter();
        var printer = new PrintWriter(out, true);
        try {
            return Program.run(
                    Class.forName("rocks.urvote.UrVote"),
                    Map.of(
                            "URVOTE_DATABASE_URL",
                            database,
                            "URVOTE_DATA_DIR",
                            folder.resolve("data").toString()),
                    folder,
                    printer,
                    printer,
                    arguments);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("The program is rocks.urvote.UrVote", e);
        }
    }

    private List<String> listing() throws SQLException {
        return rows("""
            select concat_ws('|', cl.slug, cl.name, co.name, co.is_active, co.voting_enabled,
                             co.end_date - co.start_date)
              from contest.contests co
              join contest.clients cl on cl.id = co.client_id
             order by cl.name_key, co.name_key
            """);
    }

    private List<String> rows(String sql) throws SQLException {
        try (var connection = connect(database);
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            var rows = new ArrayList<String>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (var connection = connect(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(String url) throws SQLException {
        var at = url.indexOf('@');
        return DriverManager.getConnection(
                "jdbc:postgresql://" + url.substring(at + 1),
                "postgres",
                url.substring("postgresql://postgres:".length(), at));
    }
}
