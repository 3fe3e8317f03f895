package rocks.urvote.kernel;

import org.jspecify.annotations.Nullable;

/// What the attacks know of a table.
///
/// @param key     what tells its rows apart, as a text
/// @param marker  a text in which each row says which it is: `zz<table>-<number>zz`
/// @param change  what an update sets that changes nothing
/// @param updates whether the application may update it
/// @param deletes whether the application may delete from it
record Table(String name, String key, @Nullable String marker, String change, boolean updates, boolean deletes) {

    @Override
    public String toString() {
        return name;
    }
}
