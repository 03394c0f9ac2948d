"""The performance suite: what the house can do on this machine, beside baselines measured in the same run.

    make bench                                  everything, in full; the last line is one JSON object
    make bench ARGS="lifecycle"                 one benchmark, or several
    make bench ARGS="lifecycle --short"         with small numbers: whether it works, not how fast it is
    make bench ARGS="--table"                   the README's table, from the last full results

The servers' data stay in /var/tmp/yousu-bench (26 GB, most of it the million complaints). On servers of one's own:
`python -m deploy.servers run -- python -m tests.benchmarks lifecycle`. What was measured, when, where and at which
commit is kept in $YOUSU_VAR/bench/results.jsonl.

Everything is durable as in production: fsync, synchronous commits, quorum queues, confirmed publishing. A benchmark
asserts what has become of everything it did, and never a time.
"""
