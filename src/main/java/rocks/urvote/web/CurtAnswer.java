package rocks.urvote.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import tools.jackson.databind.json.JsonMapper;

/// A refusal as bytes, for those who are turned away before there is a request: made once, but for its name.
final class CurtAnswer {

    private final byte[] head;
    private final byte[] rest;

    private CurtAnswer(byte[] head, byte[] rest) {
        this.head = head;
        this.rest = rest;
    }

    /// `closes` where the connection ends with it.
    static CurtAnswer to(Problem problem, boolean closes, JsonMapper json) {
        return of(problem, closes, "application/problem+json", json.writeValueAsString(problem.body()));
    }

    /// The same for a person's eyes.
    static CurtAnswer pageOf(Problem problem) {
        return of(problem, false, "text/html;charset=UTF-8", """
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">\
            <title>UrVote is busy</title><h1>UrVote is busy</h1><p>%s</p><p><a href="">Try again</a></p></html>
            """.formatted(problem.detail()));
    }

    private static CurtAnswer of(Problem problem, boolean closes, String type, String text) {
        var body = text.getBytes(UTF_8);
        var wait = problem.retryAfterSeconds();
        var head = "HTTP/1.1 %d %s\r\nX-Request-Id: "
                .formatted(problem.status().value(), problem.status().getReasonPhrase());
        var rest = "\r\n%s%sContent-Type: %s\r\nContent-Length: %d\r\nCache-Control: no-store\r\n"
                        .formatted(
                                wait == null ? "" : "Retry-After: " + wait + "\r\n",
                                closes ? "Connection: close\r\n" : "",
                                type,
                                body.length)
                + "X-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'\r\n\r\n";
        var whole = ByteBuffer.allocate(rest.length() + body.length)
                .put(rest.getBytes(ISO_8859_1))
                .put(body);
        return new CurtAnswer(head.getBytes(ISO_8859_1), whole.array());
    }

    ByteBuffer bytes() {
        var name = Gatekeeper.name().getBytes(ISO_8859_1);
        return ByteBuffer.allocate(head.length + name.length + rest.length)
                .put(head)
                .put(name)
                .put(rest)
                .flip();
    }
}
