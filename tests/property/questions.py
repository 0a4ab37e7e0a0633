#!/usr/bin/env python3
"""Questions about a recorded shop whose answers are known, asked in TraceQL.

The answers (truth.json) were computed from what the SDK sent by another program.
"""

import json
import os
import subprocess
from pathlib import Path

from harness import done, ok, skip

CAPTURES = os.environ.get("SPANLINE_CAPTURES")


def ask(*arguments):
    result = subprocess.run(["span-filter", *arguments], capture_output=True, check=False)
    if result.returncode != 0:
        ok(False, f"span-filter {arguments} ends with 0", result.stderr.decode())
    return result.stdout.decode().splitlines()


def spans(*arguments):
    return [(span["trace_id"], span["span_id"]) for span in map(json.loads, ask(*arguments))]


def same(found, wanted, question):
    found, wanted = sorted(found), sorted(wanted)
    ok(found == wanted, question, f"found {len(found)}: {found[:5]}", f"wanted {len(wanted)}: {wanted[:5]}")


def traces(rows):
    return [row["trace"] for row in rows]


def questions(capture, truth):
    def where(query, *options):
        return spans(*options, query, capture)

    def which(query, *options):
        return ask("-l", *options, query, capture)

    everything = truth["global"]
    same(ask("-c", "true", capture), [str(everything["spans"])], "all spans")
    same(ask("-c", "status = error", capture), [str(everything["error_spans"])], "error spans")
    same(ask("-cT", "true", capture), [str(everything["traces"])], "all traces")
    for service, count in everything["services"].items():
        same(ask("-c", f'service = "{service}"', capture), [str(count)], f"spans of {service}")
    for kind, name in enumerate(["internal", "server", "client", "producer", "consumer"], 1):
        same(ask("-c", f"kind = {name}", capture), [str(everything["kinds"][str(kind)])], name)
    same(ask("-c", "parent_span_id = \"\"", capture), [str(everything["roots"])], "spans without parent")

    same(
        which('{ service = "inventory" && name =~ "pg.query.*" } | by(span.db.query.text) | count() > 20'),
        traces(truth["n_plus_one_checkout"]),
        "queries in a loop",
    )
    for row in truth["n_plus_one_checkout"]:
        same(
            ask("-c", "-t", row["trace"], f'{{ span:id = "{row["group"]["parent_span"]}" }} > {{ name =~ "pg.query.*" }}', capture),
            [str(row["group"]["count"])],
            "how many under the handler of " + row["trace"],
        )
    failures = [(row["trace"], row["origin"]["span"]) for row in truth["auth_expired"]]
    same(
        where('{ service = "checkout" } >> { status = error && statusMessage = "jwt expired" }'),
        failures,
        "the failure under checkout",
    )
    same(
        where('{ status = error } >> ({ status = error } !<< { status = error }) | { statusMessage = "jwt expired" }'),
        failures,
        "the deepest failure",
    )
    quiet = truth["auth_expired_no_error_span"]
    same(
        where('{ span.http.response.status_code = 401 && status != error && service = "auth" && kind = server }', *sum([["-t", row["trace"]] for row in quiet], [])),
        [(row["trace"], row["callee_401_span"]["span"]) for row in quiet],
        "refusals that nobody called an error",
    )
    misses = truth["cache"]["misses"]
    same(which('span.db.query.text =~ ".*product_details.*"'), traces(misses), "cache misses")
    same(
        where('span.db.query.text =~ ".*product_details.*" && duration > 100ms'),
        [(row["trace"], row["slow_span"]["span"]) for row in misses],
        "the slow span of each",
    )
    orphans = everything["missing_parent"]
    same(
        where('parent = nil && parent_span_id != ""'),
        [(row["trace"], row["span"]) for row in orphans],
        "spans whose parent is nowhere",
    )
    same(which("{ } | count() > 200"), traces(truth["bulk_import"]), "the trace with 607 spans")
    same(which("trace:spanCount = 607"), traces(truth["bulk_import"]), "by its number of spans")
    same(
        which("{ name = \"hset\" } | count() = 600"), traces(truth["bulk_import"]), "600 times hset"
    )
    same(which(".depth = 59"), traces(truth["deep"]), "the deep trace")
    same(
        where('name = "scan shard" && duration > 100ms'),
        [(row["trace"], row["straggler"]["span"]) for row in truth["fanout_straggler"]],
        "the straggler of each fan-out",
    )
    same(
        which('{ service = "gateway" && root && span.http.response.status_code = 503 }'),
        traces(truth["retry_storm"]) + traces(truth["retry_storm_concurrent"]) + traces(truth["retry_503_no_timeout"]),
        "retry storms end with 503",
    )
    same(
        where("kind = consumer && link:traceID != nil"),
        [(row["consumer_trace"], row["consumer_span"]) for row in truth["async_job"] + truth["async_batch"]],
        "consumers that link to their producers",
    )
    statement = truth["duplicate_queries"][0]["statement"]
    same(
        which(f'{{ span.db.query.text = "{statement}" }} | by(resource.service.name) | coalesce() | count() = 3'),
        traces(truth["duplicate_queries"]),
        "one query in three services",
    )


def main():
    if CAPTURES is None:
        skip("questions", "SPANLINE_CAPTURES is not set")
        return
    shop = Path(CAPTURES) / "shop"
    truth = json.loads((shop / "truth.json").read_text())
    for name in ["collector-file.json", "collector-proto.bin.gz"]:
        questions(str(shop / name), truth)


main()
done()
