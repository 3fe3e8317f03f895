package rocks.urvote.bench;

/// What was counted, and what is wrong about it: all but the first four should be 0.
record Findings(
        long acknowledged,
        long unanswered,
        long unansweredButStored,
        long replayed,
        long missing,
        long duplicates,
        long overTheLimit,
        long tallyDifferences,
        long ballotDifferences,
        long wrongRetries) {

    static final Findings NONE = new Findings(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// Over the rounds of one scene: what happened adds up, and what is wrong with the tables stays wrong.
    Findings and(Findings next) {
        return new Findings(
                acknowledged + next.acknowledged,
                unanswered + next.unanswered,
                unansweredButStored + next.unansweredButStored,
                replayed + next.replayed,
                missing + next.missing,
                Math.max(duplicates, next.duplicates),
                Math.max(overTheLimit, next.overTheLimit),
                Math.max(tallyDifferences, next.tallyDifferences),
                Math.max(ballotDifferences, next.ballotDifferences),
                wrongRetries + next.wrongRetries);
    }

    boolean clean() {
        return missing + duplicates + overTheLimit + tallyDifferences + ballotDifferences + wrongRetries == 0;
    }

    @Override
    public String toString() {
        return "acknowledged %d, unanswered %d (of these stored %d), answers replayed %d, missing %d, duplicates %d, over the limit %d, tally differences %d, ballot differences %d, wrong retries %d"
                .formatted(
                        acknowledged,
                        unanswered,
                        unansweredButStored,
                        replayed,
                        missing,
                        duplicates,
                        overTheLimit,
                        tallyDifferences,
                        ballotDifferences,
                        wrongRetries);
    }
}
