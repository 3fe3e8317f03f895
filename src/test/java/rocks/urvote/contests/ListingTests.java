package rocks.urvote.contests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rocks.urvote.contests.Listing.Row;

class ListingTests {

    @Test
    void readsCsvWithItsColumnsInAnyOrder() {
        var listing = Listing.parse("""
            \uFEFFis_active,Contest_Name,client_name,note
            t,"The House of ""Mary"", Joseph",Jericho,kept
            false,Playlist, Sound of Chi ,

            1,Last,Chi
            """);

        assertThat(listing.complaints()).isEmpty();
        assertThat(listing.rows())
                .containsExactly(
                        new Row("line 2", "Jericho", "The House of \"Mary\", Joseph", true),
                        new Row("line 3", "Sound of Chi", "Playlist", false),
                        new Row("line 5", "Chi", "Last", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "\t"})
    void readsOtherDelimiters(String delimiter) {
        var listing = Listing.parse("client_name,contest_name,is_active\nChi,Playlist,t\n".replace(",", delimiter));

        assertThat(listing.rows()).containsExactly(new Row("line 2", "Chi", "Playlist", true));
    }

    @Test
    void readsATableAsPsqlPrintsIt() {
        var listing = Listing.parse("""

             client_name  |        contest_name        | is_active\s
            --------------+----------------------------+-----------
             Sound of Chi | Community Playlist Contest | t
             PayPortPro   | Patriotic AI Music         | f
            (2 rows)

            """);

        assertThat(listing.complaints()).isEmpty();
        assertThat(listing.rows())
                .containsExactly(
                        new Row("line 4", "Sound of Chi", "Community Playlist Contest", true),
                        new Row("line 5", "PayPortPro", "Patriotic AI Music", false));
    }

    @Test
    void namesEveryBadFieldByLineAndColumn() {
        var listing = Listing.parse(
                "client_name,contest_name,is_active\n,Playlist,t\nChi,%s,maybe\nChi\n".formatted("x".repeat(256)));

        assertThat(listing.rows()).isEmpty();
        assertThat(listing.complaints())
                .containsExactly(
                        "line 2, column client_name: is required",
                        "line 3, column contest_name: must have at most 255 characters",
                        "line 3, column is_active: must be t or f",
                        "line 4, column contest_name: is required",
                        "line 4, column is_active: must be t or f");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
        client_name,contest_name      > line 1, column is_active: is missing from the header
        ''                            > it is empty: the first line must name the columns client_name, contest_name, is_active
        """)
    void wantsAWholeHeader(String text, String complaint) {
        assertThat(Listing.parse(text).complaints()).containsExactly(complaint);
    }

    @Test
    void refusesAQuotationThatNeverEnds() {
        assertThat(Listing.parse("client_name,contest_name,is_active\n\"Chi,Playlist,t\n")
                        .complaints())
                .isNotEmpty();
    }
}
