package rocks.urvote.media;

/// The kinds of audio a song may be, told by content.
public enum AudioFormat {
    MP3("audio/mpeg", "mp3"),
    WAV("audio/wav", "wav"),
    FLAC("audio/flac", "flac"),
    /// An MP4 container with AAC or ALAC sound and no picture.
    M4A("audio/mp4", "m4a"),
    /// Bare AAC frames (ADTS).
    AAC("audio/aac", "aac"),
    /// Vorbis in Ogg.
    OGG("audio/ogg", "ogg"),
    /// Opus in Ogg.
    OPUS("audio/ogg", "opus");

    private final String mediaType;
    private final String extension;

    AudioFormat(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    public String mediaType() {
        return mediaType;
    }

    /// How a stored file's name ends, without the dot.
    public String extension() {
        return extension;
    }
}
