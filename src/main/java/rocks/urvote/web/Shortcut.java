package rocks.urvote.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/// A call that is made so often that it is answered before Spring MVC, which would cost more than the answer.
///
/// The call stays mapped in MVC, where it is described and where every unusual form of it goes: take the shortcut away,
/// and everything works as before, only slower. It lies behind the same doors: the request has its id, its limits and
/// its headers, the caller is known, and a write that another site made a browser send was refused.
public interface Shortcut {

    /// A quick look at method and path. What may take a shortcut is not observed request by request, which would cost
    /// more than the answer.
    boolean mayBeFor(HttpServletRequest request);

    /// The answer to a request that is exactly the call that is meant; whatever is unusual about one is a reason to
    /// have none.
    Optional<Answer> to(HttpServletRequest request);

    interface Answer {

        /// Gives it, or leaves with a [Problem.Raised].
        void give(Optional<Caller> caller, HttpServletRequest request, HttpServletResponse response) throws IOException;
    }
}
