-- What wrk sends: each request is another voter's vote for another song, so that nobody votes twice for one and nobody
-- comes to the end of their day. Arguments: a file of tokens, the first song, how many songs, "plain" or what keys begin
-- with: another word each time, as a key belongs to one request for ever.
local tokens, voters = {}, 0
local first, songs, key
local n = 0

function init(args)
    for line in io.lines(args[1]) do
        voters = voters + 1
        tokens[voters] = line
    end
    first, songs = tonumber(args[2]), tonumber(args[3])
    key = args[4] ~= "plain" and "\r\nIdempotency-Key: " .. args[4] .. "-"
end

function request()
    local voter = n % voters
    local song = first + (voter * 7 + math.floor(n / voters) * 13) % songs
    n = n + 1
    return "POST /api/v1/songs/" .. song .. "/votes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        .. tokens[voter + 1] .. (key and key .. n or "") .. "\r\nContent-Length: 0\r\n\r\n"
end
-- One line for the bench at the end of a run; times in microseconds.
function done(summary, latency, requests)
    io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
        latency:percentile(99), summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
