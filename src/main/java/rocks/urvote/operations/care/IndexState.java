package rocks.urvote.operations.care;

/// How much of a b-tree is air.
///
/// @param name   with its schema, quoted as SQL wants it
/// @param bytes  it takes
/// @param bloat  the share of them that a fresh one would not take, 0 to 1
/// @param source how that is known: `measured` by pgstattuple, or `estimated`
record IndexState(String name, long bytes, double bloat, String source) {

    /// A fresh b-tree fills its leaves to nine tenths.
    private static final double FRESH = 0.9;

    private static final int PAGE = 8192;

    /// What a page has for entries: without its header and the b-tree's own part.
    private static final int ROOM = PAGE - 24 - 16;

    /// Of a leaf's density in percent, as `pgstatindex` gives it.
    static IndexState measured(String name, long bytes, double leafDensity) {
        return new IndexState(name, bytes, bloat(leafDensity / 100 / FRESH), "measured");
    }

    /// Of the rows and the average size of their keys: each entry has a header of 8 bytes and a pointer of 4, and its
    /// size is a multiple of 8 (PostgreSQL's documentation, "B-Tree Indexes, Implementation" and "Database Page
    /// Layout"). Equal keys share an entry, so that a fresh one may be smaller: the estimate errs towards none.
    static IndexState estimated(String name, long bytes, double rows, double keyBytes) {
        var entry = Math.ceil((8 + keyBytes) / 8) * 8 + 4;
        var leaves = Math.ceil(rows * entry / (ROOM * FRESH));
        return new IndexState(name, bytes, bloat((leaves + 1) * PAGE / Math.max(bytes, PAGE)), "estimated");
    }

    private static double bloat(double full) {
        return Math.max(0, 1 - full);
    }

    long wasted() {
        return (long) (bytes * bloat);
    }
}
