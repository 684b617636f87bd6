-- Posts the bodies of a file, one a line, in turn; prints what came of it as one line of JSON.
local bodies, number = {}, 0

function init(args)
    for line in io.lines(args[1]) do
        bodies[#bodies + 1] = line
    end
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
end

function request()
    number = number % #bodies + 1
    return wrk.format(nil, nil, nil, bodies[number])
end

function done(summary, latency)
    local errors = summary.errors
    print(string.format(
        '{"requests": %d, "seconds": %.6f, "failed": %d, "bytes": %d, "p50_ms": %.3f, "p99_ms": %.3f}',
        summary.requests, summary.duration / 1e6,
        errors.status + errors.connect + errors.read + errors.write + errors.timeout,
        summary.bytes, latency:percentile(50) / 1000, latency:percentile(99) / 1000
    ))
end
