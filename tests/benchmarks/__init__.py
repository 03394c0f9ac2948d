"""The performance suite: what the house can do on this machine, beside baselines measured in the same run.

    make bench                                  everything, in full; the last line is one JSON object
    make bench ARGS="lifecycle"                 one benchmark, or several
    make bench ARGS="lifecycle --short"         with small numbers: whether it works, not how fast it is

Without make, on servers of one's own: `python -m deploy.servers run -- python -m tests.benchmarks lifecycle`.

Everything is durable as in production: fsync, synchronous commits, quorum queues, confirmed publishing. A benchmark
asserts what has become of everything it did, and never a time.
"""
