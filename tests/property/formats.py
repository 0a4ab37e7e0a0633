#!/usr/bin/env python3
"""Captures of Jaeger and Zipkin: as many spans as others count in them, and of the same spans as the
Collector writes them in each format, field by field, all that the format can hold."""

import json
import math
import os
from pathlib import Path
from random import Random

from harness import decode, done, encode, ok, run, sanitized, skip
from spans import by_id, counted_by_others, counted_otherwise, spans_of, without_derived

# Counted otherwise than in COUNTS.tsv, and why that is right.
THRIFT = "its process is named once for all spans: api"
LINKS = "a second reference of kind CHILD_OF, to another trace, is a link, too"
SHARED = "servers' halves of shared spans have ids of their own"
JOINED = "84 entries without any time belong to halves that are there: joined to them"
HALVES = "its annotations tell of two services: a client's half and a server's"
OTHERWISE = {
    "jaeger_thrift_batch_01.json": (THRIFT, {"n_services": 1}),
    "jaeger_uimodel-ui_01.json": (LINKS, {"links": 2}),
    "zipkin_netflix.json": (SHARED, {"duplicate_ids": 2}),
    "zipkin_skew.json": (SHARED, {"duplicate_ids": 0}),
    "zipkin_yelp.json": (SHARED, {"duplicate_ids": 0}),
    "zipkin_smartthings-mobile-web-install.json": (
        JOINED,
        {"spans": 957, "largest_trace": 957, "duplicate_ids": 0},
    ),
    "zipkin_v1-span-rpc.json": (
        HALVES,
        {"spans": 2, "largest_trace": 2, "n_services": 2, "events": 2},
    ),
}
# It holds NaN, which none of the formats can: not in captures/converted.
ODD_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
# Of address space: the programs and their libraries take some 20, and the documents are 60 MiB.
MEMORY_MIB = 64
# What the Collector's Zipkin translator moves into fields, or adds.
MADE_BY_COLLECTOR = {"http.status_code"}


def check_counts(public):
    for name, row in counted_by_others(public, ("jaeger_", "zipkin_")):
        reason, otherwise = OTHERWISE.get(name, ("", {}))
        result = decode(public / name)
        wrong = counted_otherwise(spans_of(result), row, otherwise)
        ok(result.status == 0 and not wrong, f"{name}: counted {reason}", wrong, result)
        check_way_back(name, result)


def check_way_back(name, result):
    """What was read is OTLP: through protobuf the same spans, and nothing strange in them."""
    again = decode(data=encode("--to", "pb", data=result.out).out)
    same = sorted(result.out.splitlines()) == sorted(again.out.splitlines())
    ok(same and again.status == 0, f"{name}: the same through protobuf", again)


def text_of(value):
    """A list as both translators write it where there are only strings."""
    return json.dumps(value, separators=(",", ":")) if isinstance(value, list) else value


def plain_text(value):
    """Any value as a string."""
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"))


def attributes_as(attributes, write):
    return {key: write(value) for key, value in attributes.items()}


def joined(value):
    """As JavaScript makes text of it."""
    return ",".join(map(plain_text, value)) if isinstance(value, list) else plain_text(value)


def floor_us(nanos):
    return str(int(nanos) // 1000 * 1000)


def round_us(nanos):
    return str((int(nanos) + 500) // 1000 * 1000)


def double_us(nanos):
    """The same as JavaScript does it, in a double that holds quarters of a microsecond."""
    seconds, rest = divmod(int(nanos), 10**9)
    return f"{math.floor(seconds * 1e6 + rest / 1e3 + 0.5)}000"


def as_jaeger(span):
    """What Jaeger has no place for: the dropped counts, the flags, and those and the attributes of
    links; lists are their JSON."""
    span = json.loads(json.dumps(span))
    span.pop("flags", None)
    for count in ("attributes", "events", "links"):
        span.pop(f"dropped_{count}_count", None)
    span["attributes"] = attributes_as(span.get("attributes", {}), text_of)
    if "resource" in span:
        span["resource"]["attributes"] = attributes_as(span["resource"]["attributes"], text_of)
    for event in span.get("events", []):
        event["attributes"] = attributes_as(event.get("attributes", {}), text_of)
    for link in span.get("links", []):
        for key in ("flags", "attributes", "trace_state", "dropped_attributes_count"):
            link.pop(key, None)
    return span


def as_jaeger_ui(span):
    """The same, in whole microseconds."""
    lost = as_jaeger(span)
    start, end = int(span["start_unix_nano"]), int(span["end_unix_nano"])
    lost["start_unix_nano"] = floor_us(start)
    lost["end_unix_nano"] = str(int(floor_us(start)) + (end - start) // 1000 * 1000)
    for event in lost.get("events", []):
        event["time_unix_nano"] = floor_us(event["time_unix_nano"])
    return lost


def as_zipkin(span, write=plain_text):
    """Microseconds (rounded, a duration of 1 at least), strings, names in lower case; the attributes
    of the resource are tags like all others; flags of links are lost."""
    lost = as_jaeger(span)
    start, end = int(span["start_unix_nano"]), int(span["end_unix_nano"])
    lost["start_unix_nano"] = round_us(start)
    lost["end_unix_nano"] = str(int(round_us(start)) + max(1000, int(round_us(end - start))))
    lost["name"] = span["name"].lower()
    resource = lost.pop("resource", None) and span["resource"]["attributes"]
    everything = {**(resource or {}), **span.get("attributes", {})}
    lost["attributes"] = attributes_as(everything, write)
    for link, original in zip(lost.get("links", []), span.get("links", [])):
        for key in ("attributes", "trace_state"):
            if key in original:
                link[key] = original[key]
    for event, original in zip(lost.get("events", []), span.get("events", [])):
        event["attributes"] = original.get("attributes", {})
        event["time_unix_nano"] = round_us(original["time_unix_nano"])
    return lost


def as_our_zipkin(span):
    """What otlp-encode makes: the same, but names stay."""
    return {**as_zipkin(span), "name": span["name"]}


def as_js_zipkin(span):
    """The JS SDK's exporter: as above, but names stay, and events have no attributes; links, scopes,
    trace states and the kind "internal" are lost.  It repeats the service among the tags."""
    lost = as_zipkin(span, joined)
    lost["name"] = span["name"]
    lost["attributes"]["service.name"] = span["service"]
    for key in ("links", "scope", "trace_state"):
        lost.pop(key, None)
    if lost.get("kind") == "internal":
        del lost["kind"]
    for event, original in zip(lost.get("events", []), span.get("events", [])):
        event.pop("attributes", None)
        event["time_unix_nano"] = double_us(original["time_unix_nano"])
    return lost


def normal(span):
    """Absent and empty lists are the same."""
    span = without_derived(span)
    for key in ("attributes", "events", "links"):
        if not span.get(key):
            span.pop(key, None)
    for event in span.get("events", []):
        if not event.get("attributes"):
            event.pop("attributes", None)
    return span


def check_same(name, originals, read, lose, ignored=()):
    """Each original, less what the format loses, is what was read."""
    found = by_id(read)
    ok(len(found) == len(read) == len(originals), f"{name}: as many spans", len(read))
    wrong = {}
    for key, original in by_id(originals).items():
        expected, got = normal(lose(original)), normal(found.get(key, {}))
        for attribute in ignored:
            if attribute not in expected.get("attributes", {}):
                got.get("attributes", {}).pop(attribute, None)
        for field in sorted(set(expected) | set(got)):
            if expected.get(field) != got.get(field):
                example = (key, expected.get(field), got.get(field))
                wrong.setdefault(field, []).append(example)
    summary = [f"{field}: {len(items)}, {items[0]}" for field, items in wrong.items()]
    ok(not wrong, f"{name}: every field of every span", *summary)


def check_converted(captures):
    everything = spans_of(decode(captures / "collector" / "collector-real.json"))
    originals = [span for span in everything if span["trace_id"] != ODD_TRACE]
    converted = captures / "converted"
    for name, lose, ignored in (
        ("jaeger-ui.json", as_jaeger_ui, ()),
        ("jaeger-model.jsonl", as_jaeger, ()),
        ("zipkin-v2.json", as_zipkin, MADE_BY_COLLECTOR),
    ):
        result = decode(converted / name)
        ok(result.status == 0, f"{name}: read", result)
        check_same(name, originals, spans_of(result), lose, ignored)
    result = decode(captures / "shop" / "zipkin-v2.json")
    ordinary = [span for span in spans_of(result) if span["trace_id"] != ODD_TRACE]
    ok(result.status == 0 and len(spans_of(result)) == 4904, "shop/zipkin-v2.json: 4904 spans")
    check_same("shop/zipkin-v2.json", originals, ordinary, as_js_zipkin)


def check_there_and_back(captures):
    """What otlp-encode writes is read again, but for what the format cannot hold."""
    real = captures / "collector" / "collector-real.json"
    originals = [span for span in spans_of(decode(real)) if span["trace_id"] != ODD_TRACE]
    for form, lose in (("jaeger", as_jaeger_ui), ("zipkin", as_our_zipkin)):
        written = encode("--to", form, real)
        result = decode(data=written.out)
        ok(written.status == 0 and result.status == 0, f"{form}: there and back", written, result)
        read = [span for span in spans_of(result) if span["trace_id"] != ODD_TRACE]
        check_same(f"{form} and back", originals, read, lose)


# By hand, from the files: what CRISP's cases are about, and what Jaeger's own captures are named for.
# File: the critical path with its self times in ms, the span where the error began, other kinds that
# are found.  None: too long to do by hand.
TREES = {
    "jaeger_crisp-15.json": (
        "S1 O1 0.035, S2 O2 0.01, S3 O2 0.01, S4 O2 0.01, S5 O2 0.01, S6 O2 0.01, S7 O3 0.015",
        ["000000000000000b"],
        set(),
    ),
    "jaeger_crisp-23.json": (
        "S1 O1 0.1, S2 O2 0.15, S3 O3 0.05, S3 O3 0.05, S3 O3 0.05, "
        "S2 O2 0.15, S3 O3 0.05, S3 O3 0.05, S3 O3 0.05",
        ["000000000000000e"],
        set(),
    ),
    "jaeger_crisp-err_pattern1-err1.json": ("S1 O1 0.07, S2 O2 0.03", ["000000000000000b"], set()),
    "jaeger_crisp-err_pattern4-err2.json": ("S2 O2 0.07, S3 O3 0.03", ["000000000000000c"], set()),
    "otlp-json_jaeger-n-plus-one-concurrent.json": (
        None,
        ["d61e8256a1209b32"],
        {"n-plus-one", "retry-storm"},
    ),
    "otlp-json_jaeger-n-plus-one-near-miss.json": (None, [], {"gap"}),
    "jaeger_ui-genai.json": (None, ["0000000000000011"], set()),
}


def check_trees(public):
    for name, (path, origins, others) in TREES.items():
        result = run("trace-tree", "--to", "json", public / name)
        tree = json.loads(result.out)
        steps = [f"{s['service']} {s['name']} {s['self_ms']}" for s in tree["critical_path"]]
        began = [f["span_ids"][0] for f in tree["findings"] if f["kind"] == "error-origin"]
        ok(began == origins, f"{name}: where the error began", began)
        found = {finding["kind"] for finding in tree["findings"]}
        kinds = found - {"critical-path", "error-origin"}
        ok(kinds == others, f"{name}: nothing else", found)


def damaged(text, random):
    """One structural byte is gone, another one, or there twice; and the place."""
    at = random.choice([i for i, byte in enumerate(text) if byte in b'{}[]":,'])
    instead = random.choice([b"", b"x", text[at : at + 1] * 2])
    return text[:at] + instead + text[at + 1 :], at


def check_damage(captures):
    """One byte costs what it hits: the span, and where it misleads, at most two beside it."""
    random = Random(8)
    lines = (captures / "public" / "jaeger_dsb-hotel100-lines.jsonl").read_bytes()
    merged = json.loads((captures / "public" / "jaeger_dsb-hotel25-merged.json").read_bytes())
    flat = json.loads((captures / "converted" / "zipkin-v2.json").read_bytes())
    for name, text in {
        "lines of traces": b"".join(lines.splitlines(True)[:6]),
        "traces on one line": json.dumps({"data": merged["data"][:8]}).encode(),
        "a pretty list of spans": (captures / "public" / "zipkin_messaging-kafka.json").read_bytes(),
        "spans on one line": json.dumps(flat[:60]).encode(),
    }.items():
        whole = set(by_id(spans_of(decode(data=text))))
        wrong = []
        for _ in range(60):
            broken, at = damaged(text, random)
            result = decode(data=broken)
            lost = len(whole - set(by_id(spans_of(result))))
            if lost > 3 or result.status != (3 if lost else result.status):
                wrong.append((at, lost, text[max(0, at - 40) : at + 40], result))
        ok(not wrong, f"{name}: damage costs what it hits", *wrong)


def check_tools(public):
    """Each of the commands opens them."""
    for command in (
        ["otlp-decode"],
        ["otlp-encode", "--to", "jsonl"],
        ["span-filter", "{}"],
        ["trace-tree"],
        ["trace-stats"],
        ["otlp-send", "--dry-run"],
    ):
        for name in ("jaeger_crisp-15.json", "jaeger_es_01.json", "zipkin_skew.json"):
            result = run(*command, public / name)
            ok(result.status == 0 and result.out, f"{' '.join(command)} {name}", result)


def check_memory(captures):
    """What is held is a trace, or a list, not the document."""
    ui = (captures / "converted" / "jaeger-ui.json").read_bytes()
    traces = json.dumps(json.loads(ui)["data"], separators=(",", ":"))[1:-1].encode()
    zipkin = (captures / "converted" / "zipkin-v2.json").read_bytes()
    for name, data in {
        "one document of many traces": b'{"data":[' + b",".join([traces] * 12) + b"]}",
        "an array of lists": b"[" + b",".join([zipkin] * 12) + b"]",
    }.items():
        result = decode("-j", "1", data=data, memory=MEMORY_MIB)
        lines = result.out.count(b"\n")
        ok(result.status == 0 and lines == 12 * 4889, f"{name}, in little memory", lines, result)


def main():
    captures = os.environ.get("SPANLINE_CAPTURES")
    if not captures or not Path(captures, "converted").is_dir():
        skip("captures of other formats", "SPANLINE_CAPTURES is not set")
        done()
    check_counts(Path(captures, "public"))
    check_converted(Path(captures))
    check_there_and_back(Path(captures))
    check_trees(Path(captures, "public"))
    check_damage(Path(captures))
    check_tools(Path(captures, "public"))
    if not sanitized():
        check_memory(Path(captures))
    done()


main()
