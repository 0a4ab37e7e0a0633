#!/usr/bin/env python3
"""Every figure of trace-stats against exact integers, whatever the input and the workers."""

import base64
import gzip
import json
import os
import random
import tempfile
from decimal import Decimal, getcontext
from fractions import Fraction

from harness import done, encode, ok, run, skip

getcontext().prec = 60
QUANTILES = ["0.5", "0.9", "0.95", "0.99", "0.999", "0.55", "0.001"]
SIMPLE = ["count", "rate", "errors", "error_rate", "sum", "min", "max", "mean", "stdev"]


def spans_of_otlp(documents):
    """(service, name, failed, start, end) of OTLP/JSON."""
    for document in documents:
        for of_resource in document.get("resourceSpans", []):
            attributes = of_resource.get("resource", {}).get("attributes", [])
            services = [a["value"].get("stringValue") for a in attributes if a["key"] == "service.name"]
            for of_scope in of_resource.get("scopeSpans", []):
                for span in of_scope.get("spans", []):
                    yield (services[0] if services else None, span.get("name", ""),
                           span.get("status", {}).get("code", 0) == 2,
                           int(span.get("startTimeUnixNano", 0)), int(span.get("endTimeUnixNano", 0)))


def nearest(quantile, values):
    q = Fraction(quantile)
    return values[max(-(-q.numerator * len(values) // q.denominator), 1) - 1]


def clamped(ns):
    return max(min(ns, 2**63 - 1), -(2**63 - 1) - (ns < 0))


def expected(spans):
    """What is known of each group, durations in ns; rates as floats."""
    groups = {}
    spans = list(spans)
    for service, name, failed, start, end in spans:
        group = groups.setdefault((service, name), [[], 0])
        group[0].append(clamped(end - start))
        group[1] += failed
    first, last = min(s[3] for s in spans), max(s[4] for s in spans)
    for key, (values, errors) in groups.items():
        values.sort()
        n, total = len(values), sum(values)
        variance = (Fraction(sum(v * v for v in values)) - Fraction(total * total, n)) / max(n - 1, 1)
        deviation = Decimal(variance.numerator) / Decimal(variance.denominator)
        figures = {
            "count": n, "errors": errors, "error_rate": errors / n, "sum_ms": total,
            "rate": n / ((last - first) / 1e9) if last > first else None,
            "min_ms": values[0], "max_ms": values[-1],
            "mean_ms": (2 * total + n) // (2 * n),
            "stdev_ms": int(deviation.sqrt().to_integral_value()) if n > 1 else None,
        }
        figures.update({f"p{Decimal(q) * 100:f}".rstrip("0").rstrip("."): nearest(q, values) for q in QUANTILES})
        yield key, figures, values


def is_close(got, wanted, key):
    if wanted is None or got is None:
        return got is None and wanted is None
    if key in ("rate", "error_rate", "count", "errors"):
        return got == wanted
    # a double holds 53 bits of the root
    slack = abs(wanted) * Decimal("1e-15") + Decimal("0.5") if key == "stdev_ms" else 0
    return abs(Decimal(got) * 1000000 - wanted) <= slack


def differences(output, spans):
    """Where the JSON differs from what is expected."""
    document = json.loads(output, parse_float=Decimal)
    got = {(g["by"]["service"], g["by"]["name"]): g for g in document["groups"]}
    wrong = []
    wanted = list(expected(spans))
    if len(got) != len(wanted):
        wrong.append(f"{len(got)} groups, not {len(wanted)}")
    for key, figures, values in wanted:
        group = got.get(key, {})
        for name, figure in figures.items():
            if name[0] == "p":
                low, high = group.get(f"{name}_low_ms"), group.get(f"{name}_high_ms")
                between = [x for x in (low, group.get(f"{name}_ms"), high) if x is not None]
                if between != sorted(between) or any(x * 1000000 not in set(values) for x in between[:1]):
                    wrong.append(f"{key} {name}: {low} to {high}")
                name += "_ms"
            value = group.get(name)
            if name in ("rate", "error_rate") and value is not None:
                value = float(value)
            if not is_close(value, figure, name):
                wrong.append(f"{key} {name}: {value}, not {figure}")
    sums = [g["sum_ms"] for g in document["groups"]]
    if sums != sorted(sums, reverse=True):
        wrong.append("not sorted by the sum")
    return wrong


def stats(*arguments, data=b""):
    return run("trace-stats", "--to", "json", "--measure", ",".join(SIMPLE), "--quantiles",
               ",".join(QUANTILES), *arguments, data=data)


def check_approx(what, data, error):
    """All figures but quantiles are exact, and these are near enough, however the spans are dealt out."""
    arguments = ["--to", "json", "--quantiles", ",".join(QUANTILES)]
    exact = run("trace-stats", *arguments, data=data).out
    rough = [run("trace-stats", *arguments, "--approx-error", f"{error}%", "-j", j, data=data).out for j in (1, 2)]
    wrong = []
    exact, near = (json.loads(document, parse_float=Decimal)["groups"] for document in (exact, rough[0]))
    for one, other in zip(exact, near):
        for name, value in one.items():
            if name[0] != "p" or value is None or other[name] is None:
                right = other[name] == value
            else:
                right = abs(other[name] - value) <= abs(value) * Decimal(error) / 100
            if not right:
                wrong.append(f"{one['by']} {name}: {other[name]}, not {value}")
    ok(rough[0] == rough[1] and len(exact) == len(near) and not wrong, f"{what}: within {error} %", *wrong[:9])


def check(what, data, spans):
    """All ways in give the same bytes, and these are right."""
    spans = list(spans)
    lines = run("otlp-decode", data=data).out
    for error in ("1", "0.1", "20"):
        check_approx(what, lines, error)
    first = stats("-j", 1, data=lines)
    wrong = differences(first.out, spans)
    ok(first.status == 0 and not wrong, f"{what}: {len(spans)} spans are what they are", first, *wrong[:9])
    ways = {
        "-j 2": (["-j", 2], lines),
        "as they were": ([], data),
        "OTLP/JSON": ([], encode("--to", "otlp-lines", data=lines).out),
        "protobuf, -j 2": (["-j", 2], encode("--to", "be32", data=lines).out),
        "gzip": ([], gzip.compress(data)),
        "other keys": ([], b"".join(json.dumps(dict(reversed(json.loads(line).items()))).encode() + b"\n"
                                     for line in lines.splitlines())),
        "whole traces": (["--where", "{ } | count() > 0"], lines),
        "spilled": (["--where", "{ } | count() > 0", "--mem-limit", "64k", "-j", 2], lines),
        "by fields": (["--by", " service , name"], data),
    }
    for way, (arguments, given) in ways.items():
        other = stats(*arguments, data=given)
        ok(other.out == first.out and other.status == 0, f"{what}: {way}", other)
    shards = [run("span-filter", "--shard", f"{i + 1}/3", data=lines).out for i in range(3)]
    ok(stats(data=b"".join(reversed(shards))).out == first.out, f"{what}: in another order")
    with tempfile.TemporaryDirectory() as place:
        summaries = [f"{place}/{i}" for i in range(8)]
        for i, summary in enumerate(summaries[:-1]):
            shard = run("span-filter", "--shard", f"{i + 1}/7", data=lines).out
            stats("--save", summary, "-j", 1 + i % 2, data=shard)
        merged = stats("--save", summaries[-1], *summaries[:-1])
        ok(merged.out == first.out and merged.status == 0, f"{what}: merged from 7 summaries", merged)
        again = stats(summaries[-1])
        ok(again.out == first.out, f"{what}: from the summary of these", again)
        stats("--save", f"{place}/whole", "-j", 2, data=data)
        with open(summaries[-1], "rb") as one, open(f"{place}/whole", "rb") as other:
            content = other.read()
            ok(one.read() == content, f"{what}: which is the summary of all")
        for i, summary in enumerate(summaries[:-1]):
            shard = run("span-filter", "--shard", f"{i + 1}/7", data=lines).out
            run("trace-stats", "--approx-error", "0.1%", "--save", summary, "-j", 1 + i % 2, data=shard)
        rough = run("trace-stats", "--to", "json", "--approx-error", "0.1%", data=data)
        parts = b"".join(open(summary, "rb").read() for summary in reversed(summaries[:-1]))
        merged = run("trace-stats", "--to", "json", data=parts)
        ok(merged.out == rough.out and merged.status == 0, f"{what}: sketches merged from 7 summaries", merged)
        wrong = saved_differently(content, spans)
        ok(not wrong, f"{what}: and holds what it should", *wrong[:9])


def saved_differently(content, spans):
    """Where the durations of a summary are not those of the spans."""
    wanted = {}
    for service, name, _, start, end in spans:
        wanted.setdefault((service, name), []).append(clamped(end - start))
    for line in content.splitlines()[1:-1]:
        group = json.loads(line)
        by = tuple({"s": lambda x: x, "n": lambda x: None, "x": lambda x: base64.b64decode(x).decode()}[v[0]](v[2:])
                   for v in group["by"])
        left, last, number, shift = wanted[by], None, 0, 0
        for byte in base64.b64decode(group["durations"]):
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                last = (number >> 1) ^ -(number & 1) if last is None else last + number
                if last not in left:
                    return [f"{by} {last}"]
                left.remove(last)
                number = shift = 0
        if len(base64.b64decode(group["traces"])) != 8 * group["count"]:
            return [f"{by}: traces"]
    return [f"{by} {left}" for by, left in wanted.items() if left]


def otlp_of(spans):
    by_service = {}
    for service, *span in spans:
        by_service.setdefault(service, []).append(span)
    resources = []
    for service, rows in by_service.items():
        attributes = [{"key": "service.name", "value": {"stringValue": service}}] if service is not None else []
        resources.append({"resource": {"attributes": attributes}, "scopeSpans": [{"spans": [
            {"traceId": f"{i % 97 + 1:032x}", "spanId": f"{i + 1:016x}", "name": name,
             "startTimeUnixNano": str(start), "endTimeUnixNano": str(end),
             "status": {"code": 2} if failed else {}}
            for i, (name, failed, start, end) in enumerate(rows)]}]})
    return {"resourceSpans": resources}


def made(chance, count):
    services = ["cart", "", "a service with a long name", "\u00fcml\u00e4ut", None, "c", "checkout"]
    names = ["GET /", "GET /cart/:id/items", "GET /cart/:id/item", "", "\u65e5\u672c", "x", 'say "hi"\n', "1234567"]
    for _ in range(count):
        start = 1763692800000000000 + chance.randrange(10**12)
        length = int(chance.lognormvariate(15, 2))
        kind = chance.randrange(100)
        if kind == 0:
            length = -chance.randrange(10**9)
        elif kind == 1:
            length = 0
        elif kind == 2:
            start, length = 0, start
        yield (chance.choice(services), chance.choice(names), chance.random() < 0.1, start, start + length)


def covered(span, children):
    """How much of the span its children cover, overlaps once."""
    start, end = span
    total, reached = 0, start
    for left, right in sorted(children):
        left, right = max(left, reached), min(right, end)
        if right > left:
            total, reached = total + right - left, right
    return total


def check_traces(what, data):
    """Self time, calls and traces of whole traces, and that critical paths add up to the roots."""
    traces, groups, waited = {}, {}, 0
    for line in run("otlp-decode", data=data).out.splitlines():
        span = json.loads(line)
        traces.setdefault(span["trace_id"], []).append(span)
    for spans in traces.values():
        times = {s["span_id"]: (int(s["start_unix_nano"]), int(s["end_unix_nano"])) for s in spans}
        calls = {}
        for s in spans:
            start, end = times[s["span_id"]]
            children = [times[c["span_id"]] for c in spans if c.get("parent_span_id") == s["span_id"]]
            key = (s["service"], s["name"])
            calls.setdefault(key, []).append(end - start - covered((start, end), children))
            if "parent_span_id" not in s:
                waited += end - start
        for key, selves in calls.items():
            groups.setdefault(key, []).append(selves)
    arguments = ["--to", "json", "--measure", "traces,calls,calls_max,self.sum,self.max,critical.sum,critical.share",
                 "--sort", "self.sum"]
    first = run("trace-stats", *arguments, data=data)
    got = {(g["by"]["service"], g["by"]["name"]): g for g in json.loads(first.out, parse_float=Decimal)["groups"]}
    wrong = []
    for key, of_traces in groups.items():
        flat = [ns for selves in of_traces for ns in selves]
        most = max(map(len, of_traces))
        wanted = (len(of_traces), len(flat) / len(of_traces), most, sum(flat), max(flat))
        group = got[key]
        given = (group["traces"], float(group["calls"]), group["calls_max"], group["self.sum_ms"] * 1000000,
                 group["self.max_ms"] * 1000000)
        if given != wanted:
            wrong.append(f"{key}: {given}, not {wanted}")
    ok(len(got) == len(groups) and not wrong, f"{what}: self time and calls", *wrong[:9])
    critical = sum(g["critical.sum_ms"] for g in got.values()) * 1000000
    share = sum(g["critical.share"] for g in got.values())
    ok(critical == waited and abs(share - 1) < Decimal("1e-12"), f"{what}: critical paths", critical, waited, share)
    again = run("trace-stats", *arguments, "--mem-limit", "64k", "-j", 2, data=data)
    ok(again.out == first.out, f"{what}: the same, spilled, -j 2", again)


for name in ("n_plus_one_checkout.pb", "auth_expired.pb"):
    with open(f"tests/data/{name}", "rb") as file:
        check_traces(name, file.read())
chance = random.Random(11)
SPANS = list(made(chance, 2000))
check("made", json.dumps(otlp_of(SPANS)).encode(), SPANS)
MANY = [("one", "many", False, 10**18, 10**18 + int(chance.lognormvariate(15, 1))) for _ in range(30000)]
MANY += [("one", "same", True, 10**18, 10**18 + 5) for _ in range(20000)]
LINES = run("otlp-decode", data=json.dumps(otlp_of(MANY)).encode()).out
for jobs in (1, 2):
    result = stats("-j", jobs, data=LINES)
    ok(not differences(result.out, MANY), f"50,000 spans in two groups, -j {jobs}", result,
       *differences(result.out, MANY)[:9])

captures = os.environ.get("SPANLINE_CAPTURES")
names = ["tests/data/collector.jsonl"]
if captures:
    names.append(f"{captures}/collector/collector-real.json")
else:
    skip("collector-real.json", "SPANLINE_CAPTURES is not set")
for path in names:
    with open(path, "rb") as file:
        content = file.read()
    check(os.path.basename(path), content, spans_of_otlp(map(json.loads, content.splitlines())))
done()
