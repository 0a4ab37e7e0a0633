#!/usr/bin/env python3
"""Formats of other tools besides Jaeger and Zipkin: Datadog, Go's and Python's consoles, flat records,
Tempo's answers, events of AWS; and what is said of those that are not read."""

import base64
import gzip
import json
import os

import harness
from spans import by_id, counted_by_others, counted_otherwise, spans_of, without_derived

DATA = os.environ["DATA"]
CAPTURES = os.environ.get("SPANLINE_CAPTURES", "")

# Counted otherwise than in COUNTS.tsv, and why that is right.
OTHERWISE = {
    "other_kiali-response.json": ("an answer of Tempo's search, of which three spans can be had",
                                  {"spans": 3, "traces": 1, "n_services": 1, "roots": 3, "largest_trace": 3,
                                   "start_min": 1701778055571140000, "end_max": 1701778055580459000}),
    "go-stdouttrace_buildx-array.json": ("its resources and times are read, too",
                                         {"n_services": 2, "start_min": 1705071459717700035,
                                          "end_max": 1705071549344160300}),
    "other_flat-spans-lquerel-2.json": ("its times are read, too", {"start_min": 1626371667388918000,
                                                                    "end_max": 1626371668062106000}),
}
LOOK_ALIKES = {
    "other_jaegerui-dependencies-large.json": "links between services",
    "other_lightstep-output.json": "Lightstep",
    "other_signoz-response-spans.json": "SigNoz",
    "other_tracetest-big-trace.json": "Tracetest",
    "js-console.txt": "JavaScript's ConsoleSpanExporter",
}


def decode(data, *arguments):
    result = harness.run("otlp-decode", *arguments, data=data if isinstance(data, bytes) else data.encode())
    return spans_of(result), result


def same(name, data, expected, *arguments):
    """The spans are these, from one worker or three, from all of the bytes or piece by piece."""
    spans, result = decode(data, *arguments)
    spans = [without_derived(span) for span in spans]
    harness.ok(result.status == 0 and spans == expected, f"{name}: the spans", result, json.dumps(spans),
               json.dumps(expected))
    again = [decode(data, "-j", count, *arguments)[1] for count in ("1", "3")]
    harness.ok(all(other.out == result.out and other.status == 0 for other in again), f"{name}: for every -j")
    strict, refused = decode(data, "--strict", *arguments)
    harness.ok(refused.status == 3 or [without_derived(span) for span in strict] == expected, f"{name}: --strict",
               refused)


def check_counts(public):
    for name, row in counted_by_others(public, ("datadog", "go-", "other_", "tempo", "js-")):
        reason, otherwise = OTHERWISE.get(name, ("", {}))
        with open(os.path.join(public, name), "rb") as file:
            spans, result = decode(file.read())
        wrong = counted_otherwise(spans, row, otherwise)
        refused = name in LOOK_ALIKES
        harness.ok((result.status != 0 if refused else result.status == 0) and not wrong,
                   f"{name}: counted {reason}", wrong, result)
    for name, words in LOOK_ALIKES.items():
        with open(os.path.join(public, name), "rb") as file:
            _, result = decode(file.read())
        harness.ok(words in result.err, f"{name}: told what it looks like", result)


def go_span():
    def value(kind, data):
        return {"Type": kind, "Value": data}

    context = {"TraceID": "a1e3d9760b63921c09404f3b96d30ed9", "SpanID": "e3e524729212af58", "TraceFlags": "01",
               "TraceState": "a=b", "Remote": False}
    nobody = {"TraceID": "0" * 32, "SpanID": "0" * 16, "TraceFlags": "00", "TraceState": "", "Remote": False}
    return {
        "Name": "n", "SpanContext": context, "Parent": nobody, "SpanKind": 5,
        "StartTime": "2026-11-21T04:32:15.447000085+01:00", "EndTime": "2026-11-21T03:32:16Z",
        "Attributes": [{"Key": "f", "Value": value("FLOAT64", 2)}, {"Key": "i", "Value": value("INT64", 2)},
                       {"Key": "b", "Value": value("BOOL", True)},
                       {"Key": "fs", "Value": value("FLOAT64SLICE", [1, 2.5])},
                       {"Key": "ss", "Value": value("STRINGSLICE", ["a"])}],
        "Events": [{"Name": "e", "Attributes": None, "DroppedAttributeCount": 3, "Time": "2026-11-21T03:32:15.5Z"}],
        "Links": [{"SpanContext": context, "Attributes": [{"Key": "k", "Value": value("STRING", "v")}],
                   "DroppedAttributeCount": 0}],
        "Status": {"Code": "Error", "Description": "bad"}, "DroppedAttributes": 1, "DroppedEvents": 2,
        "DroppedLinks": 4, "ChildSpanCount": 0,
        "Resource": [{"Key": "service.name", "Value": value("STRING", "s")},
                     {"Key": "z", "Value": value("INT64", 1)}],
        "InstrumentationScope": {"Name": "lib", "Version": "1", "SchemaURL": "https://x/1",
                                 "Attributes": [{"Key": "sa", "Value": value("STRING", "v")}]},
    }


GO_EXPECTED = {
    "trace_id": "a1e3d9760b63921c09404f3b96d30ed9", "span_id": "e3e524729212af58", "name": "n", "service": "s",
    "kind": "consumer", "status": "error", "status_message": "bad", "start_unix_nano": "1795231935447000085",
    "end_unix_nano": "1795231936000000000", "trace_state": "a=b", "flags": 1,
    "attributes": {"f": 2.0, "i": 2, "b": True, "fs": [1.0, 2.5], "ss": ["a"]}, "dropped_attributes_count": 1,
    "events": [{"time_unix_nano": "1795231935500000000", "name": "e", "dropped_attributes_count": 3}],
    "dropped_events_count": 2,
    "links": [{"trace_id": "a1e3d9760b63921c09404f3b96d30ed9", "span_id": "e3e524729212af58", "trace_state": "a=b",
               "flags": 1, "attributes": {"k": "v"}}],
    "dropped_links_count": 4,
    "exact": {"/attributes/f": {"doubleValue": 2.0}, "/attributes/fs/0": {"doubleValue": 1.0}},
    "scope": {"name": "lib", "version": "1", "schema_url": "https://x/1", "attributes": {"sa": "v"}},
    "resource": {"attributes": {"z": 1}},
}

PYTHON = {
    "name": "GET /", "context": {"trace_id": "0x0af7651916cd43dd8448eb211c80319c", "span_id": "0xb7ad6b7169203331",
                                 "trace_state": "['{key=a, value=b}', '{key=c, value=d}']"},
    "kind": "SpanKind.SERVER", "parent_id": "0x00f067aa0ba902b7", "start_time": "2026-11-21T03:32:15.447000Z",
    "end_time": "2026-11-21T03:32:15.448000Z", "status": {"status_code": "ERROR", "description": "no"},
    "attributes": {"a": 1, "l": ["x"], "d": 0.5},
    "events": [{"name": "e", "timestamp": "2026-11-21T03:32:15.447500Z", "attributes": {"q": True}}],
    "links": [{"context": {"trace_id": "0x1", "span_id": "0x2", "trace_state": "[]"}, "attributes": {"w": "y"}}],
    "resource": {"attributes": {"service.name": "py", "telemetry.sdk.language": "python"}, "schema_url": "https://s"},
}
PYTHON_EXPECTED = {
    "trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331",
    "parent_span_id": "00f067aa0ba902b7", "name": "GET /", "service": "py", "kind": "server", "status": "error",
    "status_message": "no", "start_unix_nano": "1795231935447000000", "end_unix_nano": "1795231935448000000",
    "trace_state": "a=b,c=d", "attributes": {"a": 1, "l": ["x"], "d": 0.5},
    "events": [{"time_unix_nano": "1795231935447500000", "name": "e", "attributes": {"q": True}}],
    "links": [{"trace_id": "0" * 31 + "1", "span_id": "0" * 15 + "2", "attributes": {"w": "y"}}],
    "resource": {"schema_url": "https://s", "attributes": {"telemetry.sdk.language": "python"}},
}


def flat_expected(**others):
    return {"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331",
            "parent_span_id": "00f067aa0ba902b7", "name": "GET /", "service": "api",
            "kind": "server", "status": "error", "start_unix_nano": "1795231935447000000",
            "end_unix_nano": "1795231935459500000", **others}


def check_consoles():
    go = go_span()
    for name, text in (("lines", json.dumps(go)), ("pretty", json.dumps(go, indent="\t")),
                       ("array", json.dumps([go], indent=2))):
        same(f"Go, {name}", text, [GO_EXPECTED])
    same("Go, one behind another", json.dumps(go, indent="\t") + "\n" + json.dumps(go, indent="\t"),
         [GO_EXPECTED] * 2)
    go["StartTime"] = go["EndTime"] = "0001-01-01T00:00:00Z"
    spans, _ = decode(json.dumps(go))
    harness.ok(spans[0]["start_unix_nano"] == spans[0]["end_unix_nano"] == "0", "Go, without timestamps")
    for name, text in (("pretty", json.dumps(PYTHON, indent=4)), ("lines", json.dumps(PYTHON))):
        same(f"Python, {name}", text + "\n" + text, [PYTHON_EXPECTED] * 2)
    old = dict(PYTHON, resource={"service.name": "py"}, parent_id=None)
    spans, result = decode(json.dumps(old))
    harness.ok(result.status == 0 and spans[0]["service"] == "py" and "parent_span_id" not in spans[0],
               "Python, an older version's resource", result)


def check_flat():
    honeycomb = {
        "time": "2026-11-21T03:32:15.447Z", "trace.trace_id": "0af7651916cd43dd8448eb211c80319c",
        "trace.span_id": "b7ad6b7169203331", "trace.parent_id": "00f067aa0ba902b7", "name": "GET /",
        "service.name": "api", "duration_ms": 12.5, "span.kind": "server", "status_code": 2, "error": True,
        "status_message": "oops", "http.route": "/", "nothing": None, "library.name": "lib", "library.version": "2",
        "meta.signal_type": "trace", "span.num_links": 0,
    }
    expected = flat_expected(status_message="oops", scope={"name": "lib", "version": "2"},
                             attributes={"http.route": "/", "meta.signal_type": "trace", "span.num_links": 0})
    same("Honeycomb, lines", json.dumps(honeycomb), [expected])
    same("Honeycomb, events of its API", json.dumps(
        [{"time": honeycomb.pop("time"), "samplerate": 1, "data": honeycomb}]),
        [dict(expected, attributes={"samplerate": 1, **expected["attributes"]})])
    spans, result = decode(json.dumps(dict(honeycomb, time=1795231935.447)) + "\n" + json.dumps(
        {"time": 1, "trace.trace_id": "a", "trace.parent_id": "b", "name": "exception", "duration_ms": 0,
         "meta.annotation_type": "span_event"}), "--from", "flat")
    harness.ok(result.status == 0 and len(spans) == 1 and "1 event or link that is a record" in result.err,
               "Honeycomb, events as records are told", result)

    clickhouse = {
        "Timestamp": "2026-11-21 03:32:15.447000000", "TraceId": "0af7651916cd43dd8448eb211c80319c",
        "SpanId": "b7ad6b7169203331", "ParentSpanId": "00f067aa0ba902b7", "TraceState": "x=y", "SpanName": "GET /",
        "SpanKind": "Server", "ServiceName": "api", "ResourceAttributes": {"service.name": "api", "host.name": "h"},
        "ScopeName": "lib", "ScopeVersion": "2", "SpanAttributes": {"k": "v"}, "Duration": "12500000",
        "StatusCode": "STATUS_CODE_ERROR", "StatusMessage": "oops", "Events.Name": ["e"],
    }
    spans, result = decode(json.dumps(clickhouse))
    spans = [without_derived(span) for span in spans]
    wanted = flat_expected(status_message="oops", trace_state="x=y", attributes={"k": "v", "Events.Name": ["e"]},
                           scope={"name": "lib", "version": "2"})
    spans[0].pop("exact", None)
    resource = spans[0].pop("resource")
    spans[0].setdefault("service", resource["attributes"].get("service.name"))
    harness.ok(result.status == 0 and spans == [wanted] and resource["attributes"]["host.name"] == "h",
               "ClickHouse's tables", result, json.dumps(spans), json.dumps(wanted))

    posthog = {"event": "$ai_span", "timestamp": "2026-11-21T03:32:15.447Z", "properties": {
        "$ai_trace_id": "0af76519-16cd-43dd-8448-eb211c80319c", "$ai_span_id": "b7ad6b7169203331",
        "$ai_parent_id": "00f067aa0ba902b7", "$ai_span_name": "GET /", "$ai_latency": 0.0125, "$ai_is_error": True,
        "$ai_model": "m"}}
    wanted = flat_expected(attributes={"event": "$ai_span", "$ai_model": "m"})
    del wanted["service"], wanted["kind"]
    same("PostHog's events", json.dumps(posthog), [wanted])

    own = {"t": "0af7651916cd43dd8448eb211c80319c", "s": "b7ad6b7169203331", "p": "00f067aa0ba902b7", "op": "GET /",
           "svc": "api", "k": "SPAN_KIND_SERVER", "st": "Error", "begin": 1795231935447, "took": "12.5ms", "x": 1,
           "more": {"y": [1, {"z": None}]}}
    maps = [word for mapping in ("trace_id=t", "span_id=s", "parent_span_id=p", "name=op", "service=svc", "kind=k",
                                 "status=st", "start=begin", "duration_ms=took", "attributes=more")
            for word in ("--map", mapping)]
    same("names of one's own", json.dumps(own), [flat_expected(attributes={"x": 1, "y": [1, {"z": None}]})], *maps)
    _, result = decode(json.dumps(own))
    harness.ok(result.status == 3 and not result.out, "the same without --map is not guessed", result)
    for wrong in ("trace=t", "trace_id", "=t", "trace_id="):
        _, result = decode("", "--map", wrong)
        harness.ok(result.status == 2 and "--map" in result.err, f"--map {wrong} is refused", result)
    units = {"1795231935": "1795231935000000000", "1795231935447": "1795231935447000000",
             "1795231935447000": "1795231935447000000", "1795231935447000085": "1795231935447000085",
             '"1795231935.447000085"': "1795231935447000085", '"2026-11-21T04:32:15.447+01:00"': "1795231935447000000"}
    for text, nanos in units.items():
        spans, result = decode(f'{{"trace_id":"1","span_id":"2","timestamp":{text},"duration_us":1.5}}')
        harness.ok(spans and spans[0]["start_unix_nano"] == nanos and spans[0]["duration_ms"] == 0.0015,
                   f"the time {text}", result)
    bad = '{"trace_id":"1","span_id":"2","timestamp":"later","duration_ms":1,"kind":"odd","name":7}'
    spans, result = decode(bad)
    harness.ok(result.status == 3 and spans[0]["span_id"] == "0" * 15 + "2" and "wrong type" in result.err,
               "what cannot be read costs its field", result)
    spans, result = decode('{"trace_id":"1","span_id":"2","timestamp":5,"level":"info","message":"hello"}')
    harness.ok(not spans and result.status == 3, "a log with the ids of a trace is no span", result)
    spans, result = decode('{"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","name":"n",'
                           '"start":"2026-11-21T03:32:15Z","duration_ms":1}')
    harness.ok(result.status == 0 and json.loads(json.dumps(spans))[0]["name"] == "n",
               "a span line written by hand stays one", result)


def names_of_the_manual():
    """What span-formats(7) says that flat records call each field."""
    page = open(os.path.join(DATA, "..", "..", "man", "span-formats.7"), encoding="utf-8").read()
    table = page.split(".Ss Flat records")[1].split(".El")[0]
    rows = [line.split(" Ta Li ") for line in table.splitlines() if line.startswith(".It Li ")]
    return {field.removeprefix(".It Li "): names.split(" , ") for field, names in rows}


def check_manual():
    nanos, iso = 1795231935447000000, "2026-11-21T03:32:15.447Z"
    ids = {"trace_id": "0" * 31 + "7", "span_id": "0" * 15 + "7", "parent_span_id": "0" * 15 + "7"}
    texts = {name: "some text" for name in ("name", "service", "status_message", "trace_state", "scope_name",
                                            "scope_version")}
    values = {**ids, **texts, "kind": "SPAN_KIND_CLIENT", "status": "OK", "error": True, "start": iso,
              "start_unix_nano": nanos, "end": iso, "end_unix_nano": nanos, "duration_ns": 2500000,
              "duration_us": 2500, "duration_ms": 2.5, "duration_s": 0.0025, "flags": 3, "attributes": {"k": 1},
              "resource": {"k": 1}, "record": {"service.name": "some text"}, "events": [{"name": "e"}],
              "links": [{"trace_id": "1", "span_id": "2"}]}
    wanted = {**ids, **texts, "kind": "client", "status": "ok", "error": "error", "start": str(nanos),
              "start_unix_nano": str(nanos), "end": str(nanos), "end_unix_nano": str(nanos), "flags": 3,
              "attributes": {"k": 1}, "resource": {"k": 1}, "record": "some text",
              "duration_ns": 2.5, "duration_us": 2.5, "duration_ms": 2.5, "duration_s": 2.5}
    where = {"error": ("status",), "start": ("start_unix_nano",), "end": ("end_unix_nano",),
             "scope_name": ("scope", "name"), "scope_version": ("scope", "version"),
             "resource": ("resource", "attributes"), "record": ("service",),
             **{f"duration_{unit}": ("duration_ms",) for unit in ("ns", "us", "ms", "s")}}
    names = names_of_the_manual()
    harness.ok(set(names) == set(values), "the manual lists every field", set(names) ^ set(values))
    bad = []
    for field, spellings in names.items():
        for name in spellings:
            record = {"trace_id": "1", "span_id": "2", "start_unix_nano": nanos, "end_unix_nano": nanos + 1}
            if field.startswith("duration"):
                del record["end_unix_nano"]
            record = {key: value for key, value in record.items() if not field.startswith(key) or key == name}
            record[name] = values[field]
            spans, result = decode(json.dumps(record), "--from", "flat")
            value = spans[0] if spans else {}
            for key in where.get(field, (field,)):
                value = value.get(key, {}) if isinstance(value, dict) else value
            good = len(value) == 1 if field in ("events", "links") else value == wanted[field]
            if not good:
                bad.append((field, name, value, str(result)))
            mapped = harness.run("otlp-decode", "--map", f"{field}=own", data=json.dumps(
                {"own" if key == name else key: value for key, value in record.items()}).encode())
            if mapped.out != result.out:
                bad.append((field, name, mapped.out, result.out))
    harness.ok(not bad, "every name of the manual is read, and every field can be mapped", *bad[:4])


def check_answers():
    request = harness.run("otlp-encode", "--to", "json", os.path.join(DATA, "auth_expired.pb")).out
    expected = sorted(harness.run("otlp-decode", os.path.join(DATA, "auth_expired.pb")).out.splitlines())
    for name, document in (("batches", {"batches": json.loads(request)["resourceSpans"]}),
                           ("v2", {"trace": json.loads(request)})):
        _, result = decode(json.dumps(document))
        harness.ok(result.status == 0 and sorted(result.out.splitlines()) == expected, f"Tempo, {name}", result)
    search = {"traces": [{"traceID": "abc", "rootServiceName": "r", "rootTraceName": "n",
                          "startTimeUnixNano": "1", "durationMs": 2, "spanSets": [{"spans": [
                              {"spanID": "1", "name": "q", "startTimeUnixNano": "1795231935447000000",
                               "durationNanos": "12500000", "attributes": [
                                   {"key": "service.name", "value": {"stringValue": "api"}},
                                   {"key": "status", "value": {"stringValue": "error"}},
                                   {"key": "n", "value": {"intValue": "5"}},
                                   {"key": "d", "value": {"doubleValue": 2}}]}], "matched": 1}],
                          "spanSet": {"spans": [{"spanID": "1", "startTimeUnixNano": "1", "durationNanos": "1"}]}},
                         {"traceID": "def", "rootServiceName": "r", "startTimeUnixNano": "1", "durationMs": 2}],
              "metrics": {"inspectedTraces": 2}}
    wanted = {"trace_id": "0" * 29 + "abc", "span_id": "0" * 15 + "1", "name": "q", "service": "api",
              "status": "error", "start_unix_nano": "1795231935447000000", "end_unix_nano": "1795231935459500000",
              "attributes": {"n": 5, "d": 2.0}, "exact": {"/attributes/d": {"doubleValue": 2.0}}}
    same("Tempo, search", json.dumps(search), [wanted])
    _, result = decode(json.dumps(search, indent=1))
    harness.ok("1 trace of a search answer without spans" in result.err, "Tempo, traces without spans are told",
               result)

    protobuf = open(os.path.join(DATA, "auth_expired.pb"), "rb").read()
    text = base64.b64encode(gzip.compress(protobuf)).decode()
    event = {"version": "2.0", "routeKey": "$default", "rawPath": "/v1/traces", "headers": {
        "content-type": "application/x-protobuf"}, "requestContext": {"http": {"method": "POST"}}}
    for name, events in (
            ("pretty", [json.dumps({**event, "body": text, "isBase64Encoded": True}, indent=2)]),
            ("lines", [json.dumps({**event, "body": json.dumps({"resourceSpans": [spans]}), "isBase64Encoded": False})
                       for spans in json.loads(request)["resourceSpans"]])):
        for joined in ("\n".join(events) + "\n", "[" + ",".join(events) + "]"):
            _, result = decode(joined)
            harness.ok(result.status == 0 and sorted(result.out.splitlines()) == expected, f"AWS events, {name}",
                       result)
    _, result = decode(json.dumps({**event, "body": "%%%", "isBase64Encoded": True}))
    harness.ok(result.status == 3 and "not base64" in result.err, "AWS events, damaged", result)


def datadog_expected(span):
    """What comes back of a span: its resource is lost among its attributes, and types that are text."""
    def text(value):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    attributes = dict(span.get("attributes", {}))
    for key, value in span.get("resource", {}).get("attributes", {}).items():
        attributes.setdefault(key, value)
    attributes = {key: value if isinstance(value, str) or type(value) in (int, float) else text(value)
                  for key, value in attributes.items()}
    wanted = {key: value for key, value in span.items()
              if key not in ("start", "duration_ms", "flags", "resource", "attributes", "exact")}
    wanted["attributes"] = attributes
    if "scope" in wanted:
        wanted["scope"] = {key: value for key, value in wanted["scope"].items() if key in ("name", "version")}
    return wanted


def check_datadog():
    inputs = [os.path.join(DATA, name) for name in ("auth_expired.pb", "n_plus_one_checkout.pb")]
    if CAPTURES:
        inputs.append(os.path.join(CAPTURES, "collector", "collector-real.json"))
    for path in inputs:
        lines = harness.run("otlp-decode", path).out.splitlines()
        before = by_id(map(json.loads, lines))
        after, result = decode(harness.run("otlp-encode", "--to", "datadog", path).out)
        bad = []
        for span in after:
            wanted = datadog_expected(before[span["trace_id"], span["span_id"]])
            span = {key: value for key, value in span.items() if key not in ("start", "duration_ms", "exact")}
            if span["trace_id"] != "4bf92f3577b34da6a3ce929d0e0e4736" and span != wanted:
                bad.append((json.dumps(span), json.dumps(wanted)))
        harness.ok(result.status == 0 and len(after) == len(before) and not bad,
                   f"{os.path.basename(path)}: to Datadog and back", result, len(bad), *(bad[0] if bad else ()))
    functions = {"traces": [[{"trace_id": "00000000000000ff", "span_id": "12", "parent_id": "0000000000000001",
                              "name": "aws.lambda", "resource": "fn", "service": "s", "type": "serverless",
                              "start": 1795231935447000000, "duration": 5, "error": 1,
                              "meta": {"error.msg": "bad", "_dd.p.tid": "0123456789abcdef", "span.kind": "server"},
                              "metrics": {"x": 1.5}}]]}
    wanted = {"trace_id": "0123456789abcdef00000000000000ff", "span_id": "000000000000000c",
              "parent_span_id": "0000000000000001", "name": "fn", "service": "s", "kind": "server", "status": "error",
              "status_message": "bad", "start_unix_nano": "1795231935447000000",
              "end_unix_nano": "1795231935447000005",
              "attributes": {"operation.name": "aws.lambda", "span.type": "serverless", "x": 1.5}}
    spans, result = decode(json.dumps(functions))
    got = without_derived(spans[0]) if spans else {}
    got["attributes"] = dict(sorted(got.get("attributes", {}).items()))
    harness.ok(result.status == 0 and got == wanted, "Datadog, what functions print", result, got, wanted)


check_consoles()
check_flat()
check_manual()
check_answers()
check_datadog()
if CAPTURES:
    check_counts(os.path.join(CAPTURES, "public"))
else:
    harness.skip("captures of other formats", "SPANLINE_CAPTURES is not set")
harness.done()
