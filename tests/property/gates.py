#!/usr/bin/env python3
"""Gates against what Python finds in the span lines, and their JUnit file against the schema that
servers of continuous integration share."""

import json
import os
import xml.etree.ElementTree as xml
from collections import Counter, defaultdict
from math import ceil

import harness
from junit_schema import follows_schemas

DATA = os.environ["DATA"]

def junit(what, capture, gates):
    result = harness.run("trace-stats", "--to", "junit", *gates, capture)
    wrong = []
    for suite in xml.fromstring(result.out):
        cases, failed = suite.findall("testcase"), suite.findall("testcase/failure")
        wrong += [] if int(suite.get("tests")) == len(cases) else ["tests"]
        wrong += [] if int(suite.get("failures")) == len(failed) else ["failures"]
        wrong += [] if (result.status == 1) == bool(failed) else ["exit status"]
    harness.ok(not wrong, f"{what}: the file tells the right numbers", *wrong)
    follows_schemas(what, result.out)


def spans_of(capture):
    return [json.loads(line) for line in harness.decode(capture).out.splitlines()]


def duration(span):
    return int(span["end_unix_nano"]) - int(span["start_unix_nano"])


def nearest_rank(values, percent):
    return sorted(values)[max(ceil(percent * len(values) / 100), 1) - 1]


def roots_of(spans):
    """Of each trace the earliest without a parent id; else the earliest orphan; else the earliest."""
    traces = defaultdict(list)
    for span in spans:
        traces[span["trace_id"]].append(span)
    for trace in traces.values():
        ids = {span["span_id"] for span in trace}
        tops = [span for span in trace if not span.get("parent_span_id")]
        orphans = [span for span in trace if span.get("parent_span_id") not in ids]
        yield min(tops or orphans or trace, key=lambda span: int(span["start_unix_nano"]))


def expected(spans):
    """Assertion without a bound: value as JSON has it."""
    clients = [span for span in spans if span.get("kind") == "client"]
    per_trace = defaultdict(int)
    for span in clients:
        per_trace[span["trace_id"]] += 1
    roots = list(roots_of(spans))
    times = [duration(span) for span in clients]
    seconds = max(int(span["end_unix_nano"]) for span in spans) - min(
        int(span["start_unix_nano"]) for span in spans
    )
    errors = sum(span.get("status") == "error" for span in spans)
    yield "p50 < 1ns", nearest_rank([duration(span) for span in roots], 50) / 1e6
    for percent in (1, 50, 90, 99):
        yield f"{{ kind = client }} p{percent} < 1ns", nearest_rank(times, percent) / 1e6
    yield "{ kind = client } min < 1ns", min(times) / 1e6
    yield "{ kind = client } max < 1ns", max(times) / 1e6
    yield "{ kind = client } mean < 1ns", sum(times) // len(times) / 1e6
    yield "{ kind = client } count < 0", len(clients)
    yield "{ kind = client } traces < 0", len(per_trace)
    yield "{ kind = client } count/trace < 0", max(per_trace.values())
    key, count = Counter(key for span in spans for key in span.get("attributes", {})).most_common(1)[0]
    yield f"{{ span.{key} != nil }} count < 0", count
    yield "{ true } error_rate < 0%", errors / len(spans)
    yield "{ true } rate < 0/s", len(spans) / (seconds / 1e9)


def values(capture, *options):
    """Alone, since with others a gate may be collected in another way."""
    wrong = []
    for assertion, value in expected(spans_of(capture)):
        result = harness.run(
            "trace-stats", "--to", "json", "--top", 1, "--assert", assertion, *options, capture
        )
        found = json.loads(result.out)["assertions"][0]["value"]
        if abs(found - value) > 1e-9 * abs(value) or result.status != 1:
            wrong.append(f"{assertion}: {found}, not {value}, exit {result.status}")
    harness.ok(not wrong, f"{capture} {' '.join(options)}: gates see what is there", *wrong)


for name in ("n_plus_one_checkout.pb", "auth_expired.jsonl", "collector.jsonl"):
    path = os.path.join(DATA, name)
    gates = ["--assert", "p95 < 1s", "--assert", '{ name != "<&\\x07" } by(name) max < 1ms']
    other = os.path.join(DATA, "auth_expired.pb")
    junit(f"{name}, gates", path, gates)
    junit(f"{name}, one that holds", path, ["--assert", "{ true } count > 0"])
    junit(f"{name}, nothing", path, [])
    junit(f"{name}, all", path, [*gates, "--assert", "ok: count > 0", "--assert", "warn p95 < 1ns", "--baseline", other])
    values(path, "-j1")
    values(path, "-j2", "--mem-limit", "64k")
harness.done()
