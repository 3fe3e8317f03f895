package rocks.urvote.songs;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import rocks.urvote.web.Caller;

/// Gives every visitor a random order of their own, so that every song is somebody's first, and keeps it while they
/// turn the pages.
public interface Shuffle {

    /// What [Songs.Search] takes: the signed-in person's, else the one a cookie remembers, which is set when missing.
    String seed(Optional<Caller> caller, HttpServletRequest request, HttpServletResponse response);
}
