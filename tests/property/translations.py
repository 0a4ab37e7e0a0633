#!/usr/bin/env python3
"""What otlp-encode writes for other tools: held against the schemas that these publish, against what
the Collector's and Jaeger's own translators made of the same spans, and against the spans."""

import collections
import csv
import io
import json
import os
import re

import harness
import hostile_trace

DATA = os.environ["DATA"]
CAPTURES = os.environ.get("SPANLINE_CAPTURES", "")
HEX = re.compile(r"^[0-9a-f]*$")


def encode(form, *arguments, data=None):
    result = harness.run("otlp-encode", "--to", form, *arguments, data=data)
    return result


def lines_of(path):
    result = harness.run("otlp-decode", path)
    return [json.loads(line) for line in result.out.splitlines()]


def only(value, allowed):
    return isinstance(value, dict) and set(value) <= set(allowed)


def tag_fault(tag):
    """Why it is no KeyValue of Jaeger's model, or None."""
    kinds = {"string": str, "bool": bool, "int64": (int, str), "float64": (float, int), "binary": str}
    if not only(tag, ("key", "type", "value")) or len(tag) != 3:
        return f"keys of {tag}"
    if tag["type"] not in kinds or not isinstance(tag["value"], kinds[tag["type"]]):
        return f"value of {tag}"
    if tag["type"] == "int64" and isinstance(tag["value"], int) and abs(tag["value"]) > 2**53:
        return f"too large for a browser: {tag}"
    return None


SPAN_KEYS = ("traceID", "spanID", "operationName", "references", "startTime", "duration", "tags", "logs",
             "processID", "warnings")


def jaeger_faults(document):
    """What Jaeger's UI (types/trace.ts) would not take."""
    for trace in document["data"]:
        if set(trace) != {"traceID", "spans", "processes", "warnings"}:
            yield f"keys of a trace: {set(trace)}"
        for process in trace["processes"].values():
            if set(process) != {"serviceName", "tags"}:
                yield f"keys of a process: {set(process)}"
            yield from filter(None, map(tag_fault, process["tags"]))
        for span in trace["spans"]:
            if set(span) != set(SPAN_KEYS) or span["traceID"] != trace["traceID"]:
                yield f"keys or trace of a span: {span}"
            if span["processID"] not in trace["processes"]:
                yield f"no process {span['processID']}"
            if not HEX.match(span["spanID"]) or span["duration"] < 0:
                yield f"id or duration of {span}"
            yield from filter(None, map(tag_fault, span["tags"]))
            for log in span["logs"]:
                if set(log) != {"timestamp", "fields"}:
                    yield f"keys of a log: {log}"
                yield from filter(None, map(tag_fault, log["fields"]))
            for reference in span["references"]:
                if set(reference) != {"refType", "traceID", "spanID"} or reference["refType"] not in (
                        "CHILD_OF", "FOLLOWS_FROM"):
                    yield f"reference {reference}"


ENDPOINT = ("serviceName", "ipv4", "ipv6", "port")


def zipkin_fault(span):
    """Why it is no Span of zipkin2-api.yaml, or None."""
    if not only(span, ("traceId", "parentId", "id", "kind", "name", "timestamp", "duration", "localEndpoint",
                       "remoteEndpoint", "annotations", "tags")):
        return "keys"
    if span.get("kind", "CLIENT") not in ("CLIENT", "SERVER", "PRODUCER", "CONSUMER"):
        return "kind"
    if span.get("duration", 1) < 1 or span.get("timestamp", 1) < 1:
        return "times"
    for endpoint in (span.get("localEndpoint", {}), span.get("remoteEndpoint", {})):
        if not only(endpoint, ENDPOINT) or not 0 < endpoint.get("port", 1) < 65536:
            return "endpoint"
    if not all(set(item) == {"timestamp", "value"} and isinstance(item["value"], str)
               for item in span.get("annotations", [])):
        return "annotations"
    return None if all(isinstance(value, str) for value in span["tags"].values()) else "tags"


def datadog_fault(span):
    """Why it is no span of the agent's API v0.4, or None."""
    texts, numbers = ("service", "name", "resource", "type"), ("trace_id", "span_id", "parent_id", "start",
                                                               "duration", "error")
    if set(span) != set(texts + numbers + ("meta", "metrics")):
        return "keys"
    if not all(isinstance(span[key], str) for key in texts):
        return "texts"
    if not all(isinstance(span[key], int) and 0 <= span[key] < 2**64 for key in numbers):
        return "numbers"
    if not all(isinstance(value, str) for value in span["meta"].values()):
        return "meta"
    return None if all(type(value) in (int, float) for value in span["metrics"].values()) else "metrics"


def no_repeats(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key repeats: {keys}")
    return dict(pairs)


def check_shapes(name, path):
    spans = lines_of(path)
    counts = collections.Counter(span["trace_id"] for span in spans)
    result = encode("jaeger", path)
    document = json.loads(result.out, object_pairs_hook=no_repeats)
    faults = list(jaeger_faults(document))
    harness.ok(result.status == 0 and not faults, f"{name}: Jaeger's UI takes its traces", result, *faults[:5])
    found = {trace["traceID"]: len(trace["spans"]) for trace in document["data"]}
    harness.ok(found == dict(counts), f"{name}: each trace whole, once", found, counts)

    result = encode("zipkin", path)
    document = json.loads(result.out, object_pairs_hook=no_repeats)
    faults = [fault for fault in map(zipkin_fault, document) if fault]
    harness.ok(result.status == 0 and not faults, f"{name}: Zipkin's schema takes its spans", result, *faults[:5])
    harness.ok([(span["traceId"], span["id"]) for span in document] ==
               [(span["trace_id"], span["span_id"]) for span in spans], f"{name}: in the order of the input")

    result = encode("datadog", path)
    document = json.loads(result.out, object_pairs_hook=no_repeats)
    faults = [fault for trace in document for fault in map(datadog_fault, trace) if fault]
    harness.ok(result.status == 0 and not faults, f"{name}: Datadog's agent takes its spans", result, *faults[:5])
    harness.ok(sorted(map(len, document)) == sorted(counts.values()), f"{name}: each trace an array")


def check_csv(name, path):
    """A cell is what the object of span-filter --fields has."""
    fields = ["trace_id", "name", "service", "kind", "duration_ms", "start_unix_nano", "span.http.route",
              "resource.host.name", "attributes", 'span."db.query.text"']
    rows = list(csv.reader(io.StringIO(encode("csv", "--fields", ",".join(fields), path).out.decode(), newline="")))
    objects = [json.loads(line) for line in harness.run("span-filter", "--fields", ",".join(fields), "{}",
                                                        path).out.splitlines()]
    harness.ok(rows[0] == fields, f"{name}: the first line names the columns", rows[0])
    bad = []
    for row, span in zip(rows[1:], objects):
        for cell, field in zip(row, fields):
            value = span[field]
            if isinstance(value, str):
                wanted = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", lambda m: f"\\x{ord(m.group()):02x}", value)
                same = cell == wanted or not value.isprintable()
            else:
                same = cell == "" if value is None else json.loads(cell) == value
            if not same:
                bad.append((field, value, cell))
    harness.ok(len(rows) == len(objects) + 1 and not bad, f"{name}: the cells are the values", len(rows),
               len(objects), *bad[:5])


def tags_of(tags):
    return sorted((tag["key"], tag["type"], json.dumps(tag["value"])) for tag in tags)


def check_jaeger(path, converted):
    """Field by field what Jaeger's own translator writes, but for what stands around the traces."""
    theirs = {trace["traceID"]: trace for trace in json.load(open(converted))["data"]}
    ours = {trace["traceID"]: trace for trace in json.loads(encode("jaeger", path).out)["data"]}
    bad, count = [], 0
    for trace_id, trace in theirs.items():
        mine = {span["spanID"]: span for span in ours[trace_id]["spans"]}
        for span in trace["spans"]:
            other = mine[span["spanID"]]
            count += 1
            processes = [(whole["processes"][each["processID"]]) for whole, each in
                         ((trace, span), (ours[trace_id], other))]
            for key in SPAN_KEYS:
                if key == "processID":
                    same = len({json.dumps((p["serviceName"], tags_of(p["tags"]))) for p in processes}) == 1
                elif key == "tags":
                    same = tags_of(span[key]) == tags_of(other[key])
                else:
                    same = span[key] == other[key]
                if not same:
                    bad.append((key, span, other))
    harness.ok(count == 4889 and not bad, "4,889 spans as Jaeger's own translator writes them", count, *bad[:3])


def zipkin_expected(span):
    """The Collector's span with our departures, each of which has a reason."""
    tags = dict(span["tags"])
    # names that replaced these in the specification
    for old, new in (("otel.library.name", "otel.scope.name"), ("otel.library.version", "otel.scope.version")):
        if old in tags:
            tags[new] = tags.pop(old)
    # the specification's spelling, and its place for the message
    if tags.get("otel.status_code") == "STATUS_CODE_ERROR":
        tags["otel.status_code"] = "ERROR"
        tags["error"] = tags.get("otel.status_description", "true")
    # the Collector adds the old name of http.response.status_code
    if "http.response.status_code" in tags:
        tags.pop("http.status_code", None)
    # it moves the address into the endpoint and sets no port; we keep the attribute
    if "ipv4" in span.get("remoteEndpoint", {}):
        tags["network.peer.address"] = span["remoteEndpoint"]["ipv4"]
    # its order of keys within an event
    notes = [(note["timestamp"], events(note["value"])) for note in span.get("annotations", [])]
    return tags, notes


def events(value):
    parts = value.split("|")
    return (parts[0], json.loads("|".join(parts[1:-1]))) if len(parts) > 2 else (value, {})


def check_zipkin(path, converted):
    ours = {(span["traceId"], span["id"]): span for span in json.loads(encode("zipkin", path).out)}
    bad, count = [], 0
    for span in json.load(open(converted)):
        mine = ours[span["traceId"], span["id"]]
        count += 1
        tags, notes = zipkin_expected(span)
        same = (tags == mine["tags"] and span["name"] == mine["name"].lower() and
                notes == [(note["timestamp"], events(note["value"])) for note in mine.get("annotations", [])] and
                span.get("remoteEndpoint", {}).get("ipv4") in (None, mine.get("remoteEndpoint", {}).get("ipv4")))
        for key in ("timestamp", "duration", "parentId", "kind", "localEndpoint"):
            same = same and span.get(key) == mine.get(key)
        if not same:
            bad.append((span, mine))
    harness.ok(count == 4889 and not bad, "4,889 spans as the Collector writes them for Zipkin", count, *bad[:2])


def as_text(value):
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def back_from_jaeger(span):
    """What span-formats(7) lets come back: all but flags, fractions of us, links' attributes; lists are text."""
    def texts(attributes):
        return {key: as_text(value) if isinstance(value, (list, dict)) or value is None else value
                for key, value in attributes.items()}

    start = int(span["start_unix_nano"]) // 1000 * 1000
    end = start + (int(span["end_unix_nano"]) - int(span["start_unix_nano"])) // 1000 * 1000
    wanted = {key: value for key, value in span.items() if key not in ("start", "duration_ms", "flags", "exact")}
    wanted.update(start_unix_nano=str(start), end_unix_nano=str(end))
    for key in ("attributes", "resource", "scope", "events", "links"):
        if key == "attributes" and key in span:
            wanted[key] = texts(span[key])
        elif key == "resource" and key in span:
            wanted[key] = {"attributes": texts(span[key]["attributes"])}
        elif key == "scope" and key in span:
            wanted[key] = {name: span[key][name] for name in ("name", "version") if name in span[key]}
        elif key == "events" and key in span:
            wanted[key] = [{**{name: event[name] for name in ("name",) if name in event},
                            "time_unix_nano": str(int(event["time_unix_nano"]) // 1000 * 1000),
                            **({"attributes": texts(event["attributes"])} if event.get("attributes") else {})}
                           for event in span[key]]
        elif key == "links" and key in span:
            wanted[key] = [{name: link[name] for name in ("trace_id", "span_id")} for link in span[key]]
    return wanted


def rounded(nanos):
    return (int(nanos) + 500) // 1000 * 1000


def back_from_zipkin(span):
    """The same of Zipkin: all values are text, the resource's are the span's, links are whole."""
    attributes = {key: as_text(value) for key, value in span.get("attributes", {}).items()}
    for key, value in span.get("resource", {}).get("attributes", {}).items():
        attributes.setdefault(key, as_text(value))
    start = rounded(span["start_unix_nano"])
    duration = int(span["end_unix_nano"]) - int(span["start_unix_nano"])
    end = start + (max(rounded(duration), 1000) if duration else 0)
    wanted = {key: value for key, value in span.items()
              if key not in ("start", "duration_ms", "flags", "exact", "resource", "scope")}
    wanted.update(start_unix_nano=str(start), end_unix_nano=str(end), attributes=attributes)
    if "scope" in span:
        wanted["scope"] = {name: span["scope"][name] for name in ("name", "version") if name in span["scope"]}
    if "events" in span:
        wanted["events"] = [{**{name: value for name, value in event.items() if name != "exact"},
                             "time_unix_nano": str(rounded(event["time_unix_nano"]))} for event in span["events"]]
    if "links" in span:
        wanted["links"] = [{name: value for name, value in link.items() if name not in ("flags", "exact")}
                           for link in span["links"]]
    return wanted


def made_by_zipkin(span, wanted):
    """What remoteEndpoint says of a peer comes back as attributes, where no tag says it."""
    made = ("peer.service", "network.peer.address", "network.peer.port")
    span["attributes"] = {key: value for key, value in span.get("attributes", {}).items()
                          if key not in made or key in wanted["attributes"]}


def check_way_back(path):
    """To the format and back: equal but for what it is said to lose."""
    before = {(span["trace_id"], span["span_id"]): span for span in lines_of(path)}
    for form, expected in (("jaeger", back_from_jaeger), ("zipkin", back_from_zipkin)):
        result = harness.run("otlp-decode", data=encode(form, path).out)
        after = [json.loads(line) for line in result.out.splitlines()]
        bad = []
        for span in after:
            wanted = expected(before[span["trace_id"], span["span_id"]])
            span = {key: value for key, value in span.items() if key not in ("start", "duration_ms", "exact")}
            for event in span.get("events", []):
                event.pop("exact", None)
            if form == "zipkin":
                made_by_zipkin(span, wanted)
            # it holds NaN, which neither can
            if span["trace_id"] != "4bf92f3577b34da6a3ce929d0e0e4736" and span != wanted:
                bad.append((json.dumps(span), json.dumps(wanted)))
        harness.ok(result.status == 0 and len(after) == len(before) and not bad,
                   f"{os.path.basename(path)}: to {form} and back", result, len(bad), *(bad[0] if bad else ()))


def check_same_bytes(path):
    for form in ("jaeger", "zipkin", "datadog", "csv"):
        whole = encode(form, path)
        others = [encode(form, *arguments, path) for arguments in (("-j", "1"), ("-j", "3"), ("--mem-limit", "64k"))]
        piped = encode(form, data=open(path, "rb").read())
        harness.ok(all(other.out == whole.out for other in others + [piped]),
                   f"{form}: the same bytes for every -j, --mem-limit and from a pipe")
        harness.ok(len({other.err.replace("stdin", "") for other in others + [piped, whole]}) == 1,
                   f"{form}: the same losses", whole.err)
    traces = encode("csv", "--fields", "name,rootName", path)
    harness.ok(traces.status == 0 and len(traces.out.splitlines()) > 10, "csv of what whole traces tell", traces)


hostile = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"translations-{os.getpid()}.ndjson")
with open(hostile, "wb") as file:
    file.write(hostile_trace.lines())
try:
    for name, path in (("auth_expired", os.path.join(DATA, "auth_expired.pb")),
                       ("odd_values", os.path.join(DATA, "odd_values.pb")), ("hostile", hostile)):
        check_shapes(name, path)
        check_csv(name, path)
finally:
    os.unlink(hostile)
check_same_bytes(os.path.join(DATA, "n_plus_one_checkout.pb"))
for name in ("auth_expired.pb", "n_plus_one_checkout.pb"):
    check_way_back(os.path.join(DATA, name))
if CAPTURES:
    real = os.path.join(CAPTURES, "collector", "collector-real.json")
    check_way_back(real)
    check_jaeger(real, os.path.join(CAPTURES, "converted", "jaeger-ui.json"))
    check_zipkin(real, os.path.join(CAPTURES, "converted", "zipkin-v2.json"))
else:
    harness.skip("what other translators wrote", "SPANLINE_CAPTURES is not set")
harness.done()
