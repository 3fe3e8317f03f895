-- What wrk sends: one address again and again, with the tag of what the reader has, where one is given.
function init(args)
    if args[1] then
        wrk.headers["If-None-Match"] = args[1]
    end
end

-- One line for the bench at the end of a run; times in microseconds.
function done(summary, latency, requests)
    io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
        latency:percentile(99), summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
