#!/usr/bin/env python3
"""otlp-send before it sends: what is chosen, what is made of it, when it goes out."""

import json
import os
import tempfile

import harness
import otlp_server
from harness import ok
from otlp_server import Server, response

BEGIN = 1_744_019_112_000_000_000  # 2025-04-07T09:45:12Z
MS = 1_000_000


def line(trace, span, start_ms=0, length_ms=1, **more):
    """A span line; `start_ms` counts from BEGIN."""
    start = BEGIN + start_ms * MS
    return json.dumps({
        "trace_id": f"{trace:032x}", "span_id": f"{span:016x}", "name": f"span {span}",
        "service": "shop", "start_unix_nano": str(start),
        "end_unix_nano": str(start + length_ms * MS), **more,
    }).encode() + b"\n"


def send(*arguments, data=b"", answer=lambda request, index: response(200), **options):
    """What otlp-send says, and the spans that arrived, in order."""
    with Server(answer) as server:
        result = harness.run("otlp-send", "--endpoint", server.url, "--protocol", "http/json",
                             "--summary", *arguments, data=data, **options)
    result.requests = server.requests
    result.spans = [span for request in server.requests
                    for span in otlp_server.spans_of_json(request.plain)]
    try:
        result.summary = json.loads(result.err.strip().splitlines()[-1])
    except (ValueError, IndexError):
        result.summary = {}
    return result


def names(result):
    return [span["name"] for span in result.spans]


def values(attributes):
    return {attribute["key"]: attribute["value"] for attribute in attributes}


def instant(nanoseconds):
    """As --since takes it."""
    return f"2025-04-07T09:45:{12 + nanoseconds // 10**9:02}.{nanoseconds % 10**9:09}Z"


# Three traces: 1 has an error below its root, 2 is linked to 1, 3 stands alone.
CAPTURE = b"".join([
    line(1, 11, 0, 100), line(2, 21, 150, 50, links=[
        {"trace_id": f"{1:032x}", "span_id": f"{12:016x}"}]),
    line(1, 12, 10, 20, parent_span_id=f"{11:016x}", status="error"),
    line(3, 31, 300, 10), line(2, 22, 160, 10, parent_span_id=f"{21:016x}"),
])
ALL = ["span 11", "span 12", "span 21", "span 22", "span 31"]


def selection():
    for arguments, expected in (
        ([], ALL),
        (["--where", "{ status = error }"], ["span 12"]),
        (["--where", "{ name = `span 11` } >> { status = error }"], ["span 12"]),
        (["--where", "{ status = error } | count() > 0"], ["span 12"]),
        (["-t", f"{2:032x}", "-t", f"{3:032x}"], ["span 21", "span 22", "span 31"]),
        (["--since", instant(150 * MS)], ["span 21", "span 22", "span 31"]),
        (["--until", instant(150 * MS)], ["span 11", "span 12"]),
        (["--where", "{ duration > 1h }"], []),
    ):
        for more in ([], ["-j", "1"], ["--mem-limit", "64k"]):
            result = send(*arguments, *more, data=CAPTURE)
            ok(sorted(names(result)) == expected and result.status == 0 and
               result.summary["read"] == result.summary["accepted"] == len(expected),
               f"{' '.join(arguments + more) or 'all'}", result, names(result))
    result = send("--where", "{ name =", data=CAPTURE)
    ok(result.status == 2 and not result.requests, "a query that is none", result)


def sets():
    span = send("--set", "name=a b", "--set", "span.n=7", "--set", "span.f=1.5", "--set",
                "span.yes=true", "--set", 'span.text="7\\n"', "--set", "span.raw=`\\`", "--set",
                "span.bare=7 days", "--set", "resource.service.name=other", "--set",
                "resource.deployment.environment.name=test", "--set", "span.n=8",
                data=line(1, 11, attributes={"n": "old", "kept": 1}))
    ok(span.status == 0 and len(span.spans) == 1, "one span", span)
    one = span.spans[0]
    ok(one["name"] == "a b", "its name", one)
    ok(values(one["attributes"]) == {
        "n": {"intValue": "8"}, "kept": {"intValue": "1"}, "f": {"doubleValue": 1.5},
        "yes": {"boolValue": True}, "text": {"stringValue": "7\n"},
        "raw": {"stringValue": "\\"}, "bare": {"stringValue": "7 days"}}, "its attributes", one)
    ok(len(one["attributes"]) == 7, "each once", one)
    ok(values(one["resource"]) == {
        "service.name": {"stringValue": "other"},
        "deployment.environment.name": {"stringValue": "test"}}, "its resource", one)
    bare = line(1, 11).replace(b'"service": "shop", ', b"")
    span = send("--set", "resource.service.name=new", data=bare)
    ok(values(span.spans[0]["resource"]) == {"service.name": {"stringValue": "new"}},
       "a resource where there was none", span.spans)


def holds_together(spans, name, copies=1):
    """What named a span or trace of CAPTURE still does."""
    traces = {span["traceId"] for span in spans}
    by_id = {(span["traceId"], span["spanId"]): span for span in spans}
    faults = []
    if len(by_id) != 5 * copies or len(traces) != 3 * copies:
        faults.append(f"{len(by_id)} spans in {len(traces)} traces")
    for span in spans:
        parent = {"span 12": "span 11", "span 22": "span 21"}.get(span["name"], None)
        found = by_id.get((span["traceId"], span.get("parentSpanId", "")), {}).get("name")
        if found != parent:
            faults.append(f"{span['name']} has the parent {found}")
        for link in span.get("links", []):
            if by_id.get((link["traceId"], link["spanId"]), {}).get("name") != "span 12":
                faults.append(f"{span['name']} has lost its link")
        if span["traceId"][18:] != f"{int(span['name'][5]):014x}":
            faults.append(f"{span['name']} has lost its randomness: {span['traceId']}")
    return ok(not faults, name, *faults)


def new_ids():
    old = {span["spanId"] for span in send(data=CAPTURE).spans}
    first = send("--new-ids", data=CAPTURE)
    again = send("--new-ids", data=CAPTURE)
    other = send("--new-ids=7", data=CAPTURE)
    for result, name in ((first, "--new-ids"), (other, "--new-ids=7")):
        holds_together(result.spans, name)
        ok(not old & {span["spanId"] for span in result.spans}, f"{name}: others")
    ok(first.spans == again.spans and first.spans != other.spans, "the seed decides")
    odd = send("--new-ids", data=line(0, 11) + line(1, 0) + line(1, 12, trace_state="ot=rv:1"))
    ok(sorted(span.get("traceId", "") != f"{0:032x}" for span in odd.spans) ==
       [False, True, True] and
       sorted(span.get("spanId", "") != f"{0:016x}" for span in odd.spans) ==
       [False, True, True], "what is invalid stays so", odd.spans)
    ok("ot=rv:1" in [span.get("traceState") for span in odd.spans], "so does trace_state")
    for more in ([], ["--where", "{ } | count() > 0"]):
        many = send("--multiply", "3", *more, data=CAPTURE)
        holds_together(many.spans, f"--multiply 3 {' '.join(more)}", 3)
        ok(many.status == 0 and many.summary["read"] == 15, "each is accounted for", many)


def resuming():
    """A checkpoint is of these options, and of none else."""
    with tempfile.TemporaryDirectory() as place:
        path, mark = os.path.join(place, "spans"), os.path.join(place, "mark")
        with open(path, "wb") as file:
            file.write(CAPTURE)
        arguments = ["--multiply", "2", "--batch-spans", "4", "--checkpoint", mark, path]
        first = send(*arguments, "--retry-for", "20ms", "--retry-pause", "10ms",
                     answer=lambda request, index: response(200 if index == 0 else 503))
        other = send("--set", "name=x", "--resume", *arguments)
        rest = send("--resume", *arguments)
    ok(first.status == 4 and other.status == 2 and rest.status == 0, "resumed", first, other, rest)
    seen = {(span["traceId"], span["spanId"]) for span in first.spans[:4] + rest.spans}
    ok(len(seen) == 10 and len(rest.spans) == 6, "nothing twice, nothing lost", rest.spans)


selection()
sets()
new_ids()
resuming()
harness.done()
