package rocks.urvote.songs;

/// What an artist declares when submitting a song. A new wording gets a new version; each song remembers which one its
/// artist saw.
record Rights(String version, String text) {

    static final Rights NOW = new Rights(
            "2026-11",
            "I made this song, or have the permission of everyone who did, and the terms of the AI tools that were"
                    + " used allow me to enter it here.");
}
