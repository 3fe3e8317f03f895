package rocks.urvote.operations;

import java.io.PrintWriter;

/// What `urvote check` says, a line for each thing, and whether one of them keeps UrVote from serving.
final class CheckReport {

    private final PrintWriter out;
    private boolean stops;

    CheckReport(PrintWriter out) {
        this.out = out;
    }

    boolean stops() {
        return stops;
    }

    void tell(Inspection.Finding finding) {
        switch (finding.degree()) {
            case FINE -> fine(finding.line());
            case DOUBTFUL -> doubtful(finding.line());
            case STOPPING -> stopping(finding.line());
        }
    }

    void fine(String what) {
        say("ok  ", what);
    }

    void doubtful(String what) {
        say("warn", what);
    }

    void stopping(String what) {
        stops = true;
        say("FAIL", what);
    }

    /// At once, as the next look may take a while.
    private void say(String mark, String what) {
        out.println(mark + " " + what);
        out.flush();
    }
}
