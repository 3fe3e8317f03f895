package rocks.urvote.web;

import java.time.Duration;

/// What a sign-in or a refresh yields.
public record Tokens(String access, Duration accessAge, String refresh, Duration refreshAge) {}
