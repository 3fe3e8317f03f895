package rocks.urvote.votes;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tukaani.xz.XZInputStream;

/// The countries that come with UrVote, by DB-IP: unpacked into memory with the first address asked for, about 6 MB.
/// `countries.NOTICE.md` beside the data says whose it is, `PackPlaces` how it is made and read.
/// Networks of IPv6 are known down to /64, which is what one household has.
final class BundledPlaces implements Places {

    private static final int IPV4_BYTES = 4;

    /// What stands before an address of IPv4 that is written as one of IPv6.
    private static final long MAPPED = 0xffffL;

    @Override
    public Optional<String> countryOf(InetAddress address) {
        return Table.UNPACKED.countryOf(address);
    }

    @Override
    public Source source() {
        return new Source("DB-IP", Table.UNPACKED.made());
    }

    CountryRanges ipv4() {
        return Table.UNPACKED.ipv4();
    }

    CountryRanges ipv6() {
        return Table.UNPACKED.ipv6();
    }

    /// `countries` has the answer to every number of the ranges ready, nobody at 0.
    private record Table(LocalDate made, List<Optional<String>> countries, CountryRanges ipv4, CountryRanges ipv6) {

        private static final Table UNPACKED = unpacked();

        Optional<String> countryOf(InetAddress address) {
            var bytes = address.getAddress();
            if (bytes.length == IPV4_BYTES) {
                return countries.get(ipv4.at(number(bytes, 0, IPV4_BYTES)));
            }
            long network = number(bytes, 0, Long.BYTES);
            long host = number(bytes, Long.BYTES, 2 * Long.BYTES);
            return countries.get(
                    network == 0 && host >>> Integer.SIZE == MAPPED ? ipv4.at(host & 0xffff_ffffL) : ipv6.at(network));
        }

        private static long number(byte[] bytes, int from, int to) {
            long number = 0;
            for (int i = from; i < to; i++) {
                number = number << Byte.SIZE | Byte.toUnsignedLong(bytes[i]);
            }
            return number;
        }

        private static Table unpacked() {
            try (var packed = BundledPlaces.class.getResourceAsStream("countries.xz")) {
                if (packed == null) {
                    throw new IllegalStateException("countries.xz is missing beside " + BundledPlaces.class);
                }
                var data = new DataInputStream(new BufferedInputStream(new XZInputStream(packed)));
                var made = LocalDate.ofInstant(Instant.ofEpochSecond(data.readLong()), ZoneOffset.UTC);
                var countries = new ArrayList<Optional<String>>();
                countries.add(Optional.empty());
                for (var country : data.readUTF().split(" ", -1)) {
                    countries.add(Optional.of(country));
                }
                return new Table(made, List.copyOf(countries), ranges(data), ranges(data));
            } catch (IOException e) {
                throw new UncheckedIOException("countries.xz cannot be unpacked", e);
            }
        }

        private static CountryRanges ranges(DataInputStream data) throws IOException {
            var starts = new long[data.readInt()];
            long start = 0;
            for (int i = 0; i < starts.length; i++) {
                start += distance(data);
                starts[i] = start;
            }
            return new CountryRanges(starts, data.readNBytes(starts.length));
        }

        /// Seven bits a byte, the lowest first; the highest bit says that more follow.
        private static long distance(DataInputStream data) throws IOException {
            long distance = 0;
            int shift = 0;
            int next;
            do {
                next = data.readUnsignedByte();
                distance |= (next & 0x7fL) << shift;
                shift += 7;
            } while (next > 0x7f);
            return distance;
        }
    }
}
