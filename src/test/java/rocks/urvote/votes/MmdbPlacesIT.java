package rocks.urvote.votes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import rocks.urvote.operations.Command;

class MmdbPlacesIT {

    private static final LocalDate MADE = LocalDate.of(2026, 11, 20);

    @TempDir
    Path folder;

    @Test
    void readCountriesAsDbIpWritesThem() throws IOException {
        var places = MmdbPlaces.open(new MmdbFile(6, "country", MADE)
                .with("133.0.0.0/8", Map.of("country_code", "XA"))
                .with("2001:db8::/32", Map.of("country_code", "DE", "country", "Germany"))
                .writeTo(folder.resolve("dbip.mmdb")));

        assertThat(country(places, "133.255.0.1")).contains("XA");
        assertThat(country(places, "134.0.0.1")).isEmpty();
        assertThat(country(places, "2001:db8::1")).contains("DE");
        assertThat(country(places, "2001:db9::1")).isEmpty();
        assertThat(places.source()).isEqualTo(new Places.Source("country", MADE));
    }

    @Test
    void readCountriesAsMaxMindWritesThem() throws IOException {
        var places = MmdbPlaces.open(new MmdbFile(6, "GeoLite2-Country", MADE)
                .with("10.0.0.0/8", Map.of("country", Map.of("iso_code", "CH", "names", Map.of("en", "Switzerland"))))
                .with("11.0.0.0/8", Map.of("continent", Map.of("code", "EU")))
                .with("12.0.0.0/8", Map.of("country", Map.of("iso_code", "EU region")))
                .writeTo(folder.resolve("maxmind.mmdb")));

        assertThat(country(places, "10.1.2.3")).contains("CH");
        assertThat(country(places, "11.1.2.3")).isEmpty();
        assertThat(country(places, "12.1.2.3")).isEmpty();
    }

    @Test
    void knowNoNewAddressesFromAFileOfOldOnes() throws IOException {
        var places = MmdbPlaces.open(new MmdbFile(4, "country ipv4", MADE)
                .with("133.0.0.0/8", Map.of("country_code", "JP"))
                .writeTo(folder.resolve("ipv4.mmdb")));

        assertThat(country(places, "133.0.0.1")).contains("JP");
        assertThat(country(places, "2001:200::1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "empty", "text", "half", "folder", "asn"})
    void refuseWhatIsNoFileOfCountriesInOneLine(String kind) throws IOException {
        var file = folder.resolve(kind + ".mmdb");
        switch (kind) {
            case "empty" -> Files.createFile(file);
            case "text" -> Files.writeString(file, "country,DE\n".repeat(1000));
            case "half" -> {
                var whole = Files.readAllBytes(new MmdbFile(6, "country", MADE)
                        .with("133.0.0.0/8", Map.of("country_code", "JP"))
                        .writeTo(file));
                Files.write(file, Arrays.copyOf(whole, whole.length / 2));
            }
            case "folder" -> Files.createDirectory(file);
            case "asn" ->
                new MmdbFile(6, "asn", MADE)
                        .with("133.0.0.0/8", Map.of("autonomous_system_number", 2500))
                        .writeTo(file);
            default -> assertThat(file).doesNotExist();
        }

        assertThatThrownBy(() -> MmdbPlaces.open(file))
                .isInstanceOf(Command.Failed.class)
                .message()
                .startsWith("URVOTE_GEOIP must be an .mmdb file of countries, but '" + file + "' ")
                .doesNotContain("\n", "null");
    }

    @Test
    void comeInsteadOfTheBundledOnesWhereTheOperatorSaysSo() throws IOException {
        var file = new MmdbFile(6, "country", MADE)
                .with("133.0.0.0/8", Map.of("country_code", "XA"))
                .writeTo(folder.resolve("own.mmdb"));
        var urvote = new ApplicationContextRunner().withUserConfiguration(VotesConfiguration.class);

        urvote.run(context ->
                assertThat(country(context.getBean(Places.class), "133.11.0.1")).contains("JP"));
        urvote.withPropertyValues("urvote.geoip=" + file)
                .run(context -> assertThat(country(context.getBean(Places.class), "133.11.0.1"))
                        .contains("XA"));
        urvote.withPropertyValues("urvote.geoip=" + folder.resolve("none.mmdb"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("Command$Failed: URVOTE_GEOIP must be an .mmdb file of countries"));
    }

    private static Optional<String> country(Places places, String address) {
        return places.countryOf(InetAddress.ofLiteral(address));
    }
}
