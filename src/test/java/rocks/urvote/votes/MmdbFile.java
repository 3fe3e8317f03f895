package rocks.urvote.votes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A small file in MaxMind's format: networks, and what is known of each as maps of maps and texts.
final class MmdbFile {

    private static final byte[] METADATA = "MaxMind.com".getBytes(StandardCharsets.US_ASCII);
    private static final int NOTHING = -1;
    private static final int BLANK_BYTES = 16;

    private final int ipVersion;
    private final Map<String, Object> metadata = new LinkedHashMap<>();

    /// Two branches a node: the number of a node, [#NOTHING], or the place of what is known as `-2 - place`.
    private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {NOTHING, NOTHING}));

    private final ByteArrayOutputStream known = new ByteArrayOutputStream();

    MmdbFile(int ipVersion, String type, LocalDate made) {
        this.ipVersion = ipVersion;
        metadata.put("binary_format_major_version", 2);
        metadata.put("binary_format_minor_version", 0);
        metadata.put(
                "build_epoch", Math.toIntExact(made.atStartOfDay(ZoneOffset.UTC).toEpochSecond()));
        metadata.put("database_type", type);
        metadata.put("description", Map.of());
        metadata.put("ip_version", ipVersion);
        metadata.put("languages", List.of());
        metadata.put("record_size", 32);
    }

    MmdbFile with(String network, Map<String, ?> data) {
        var parts = network.split("/", -1);
        var address = InetAddress.ofLiteral(parts[0]).getAddress();
        int skip = ipVersion == 6 && address.length == 4 ? 96 : 0;
        int bits = skip + Integer.parseInt(parts[1]);
        int leaf = -2 - known.size();
        write(known, data);
        int node = 0;
        for (int i = 0; i < bits; i++) {
            int bit = i < skip ? 0 : address[(i - skip) / 8] >> (7 - (i - skip) % 8) & 1;
            var branches = nodes.get(node);
            if (i == bits - 1) {
                branches[bit] = leaf;
            } else if (branches[bit] == NOTHING) {
                nodes.add(new int[] {NOTHING, NOTHING});
                branches[bit] = nodes.size() - 1;
            }
            node = branches[bit];
        }
        return this;
    }

    Path writeTo(Path file) throws IOException {
        var all = new ByteArrayOutputStream();
        for (var branches : nodes) {
            for (int branch : branches) {
                writeNumber(
                        all,
                        branch >= 0
                                ? branch
                                : branch == NOTHING ? nodes.size() : nodes.size() + BLANK_BYTES - 2 - branch);
            }
        }
        all.writeBytes(new byte[BLANK_BYTES]);
        all.writeBytes(known.toByteArray());
        all.writeBytes(new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0xef});
        all.writeBytes(METADATA);
        metadata.put("node_count", nodes.size());
        write(all, metadata);
        return Files.write(file, all.toByteArray());
    }

    /// A byte with the type (text 2, number 6, map 7, list 11, which needs a second one) and the size, then the value.
    private static void write(ByteArrayOutputStream out, Object value) {
        switch (value) {
            case String text -> {
                var bytes = text.getBytes(StandardCharsets.UTF_8);
                out.write(2 << 5 | bytes.length);
                out.writeBytes(bytes);
            }
            case Integer number -> {
                out.write(6 << 5 | Integer.BYTES);
                writeNumber(out, number);
            }
            case Map<?, ?> map -> {
                out.write(7 << 5 | map.size());
                map.forEach((key, inner) -> {
                    write(out, key);
                    write(out, inner);
                });
            }
            case List<?> list -> {
                out.write(list.size());
                out.write(11 - 7);
                list.forEach(inner -> write(out, inner));
            }
            default -> throw new IllegalArgumentException(value + " is not a text, number, map or list");
        }
    }

    private static void writeNumber(ByteArrayOutputStream out, int number) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(number >> shift);
        }
    }
}
