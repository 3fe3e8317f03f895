package rocks.urvote.media;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.CacheControl;

/// Sends a kept file to a listener, whole or in the ranges asked for.
public interface Playback {

    /// `name` is what a browser would save it as. The caching is the caller's word on who else may keep it.
    record Sound(String path, String mediaType, String sha256, String name, CacheControl caching) {}

    void send(Sound sound, HttpServletRequest request, HttpServletResponse response) throws IOException;
}
