#!/usr/bin/env python3
"""otlp-send before it sends: what is chosen, what is made of it, when it goes out."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
import termios
import time

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


def binary_input():
    """The same of protobuf, whose resources are shared by many spans."""
    binary = harness.encode("--to", "pb", data=CAPTURE).out
    for arguments in ([], ["--set", "resource.service.name=x", "--set", "resource.n=1"],
                      ["--set", "span.n=1", "--new-ids"], ["--loop", "2"],
                      ["--multiply", "2", "--set", "name=x"], ["--pace", "100x"]):
        lines, messages = (send(*arguments, "--batch-spans", "3", data=data)
                           for data in (CAPTURE, binary))
        ok(lines.status == messages.status == 0 and
           sorted(map(json.dumps, lines.spans)) == sorted(map(json.dumps, messages.spans)),
           f"protobuf as lines: {' '.join(arguments)}", lines.spans, messages.spans)


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
        for one, another in (
            (["--new-ids=3"], ["--loop", "3"]), (["--loop", "1"], ["--new-ids=1"]),
            (["--set", "name=x"], ["--new-ids=name=x"]), (["--shift", "+1h"], ["--new-ids=+1h"]),
            (["--pace", "1x"], ["--new-ids=1x"]), ([], ["--new-ids"]),
        ):
            made = send(*one, "--checkpoint", mark, path)
            same = send(*one, "--checkpoint", mark, "--resume", path)
            moved = send(*another, "--checkpoint", mark, "--resume", path)
            ok(made.status == same.status == 0 and not same.spans and moved.status == 2,
               f"a checkpoint of {one} is none of {another}", made, same, moved)
    ok(first.status == 4 and other.status == 2 and rest.status == 0, "resumed", first, other, rest)
    seen = {(span["traceId"], span["spanId"]) for span in first.spans[:4] + rest.spans}
    ok(len(seen) == 10 and len(rest.spans) == 6, "nothing twice, nothing lost", rest.spans)


def resuming_at_pace():
    """What was sent is not waited for again."""
    with tempfile.TemporaryDirectory() as place:
        path, mark = os.path.join(place, "spans"), os.path.join(place, "mark")
        with open(path, "wb") as file:
            file.write(CAPTURE)
        arguments = ["--pace", "1x", "--shift", "now", "--batch-spans", "1", "--checkpoint", mark,
                     "--retry-for", "20ms", "--retry-pause", "10ms", path]
        first = send(*arguments, answer=lambda request, index: response(200 if index < 3 else 503))
        dry = send("--dry-run", "--resume", *arguments)
        rest = send("--resume", *arguments)
    ok(first.status == 4 and b"duration             0.140 s" in dry.out and
       b"spans                2\n" in dry.out, "a dry run of the rest", dry.out, first)
    ends = [times(span)[1] for span in rest.spans]
    ok(names(rest) == ["span 21", "span 31"] and ends[1] - ends[0] == 110 * MS and is_past(rest),
       "the rest at its pace", rest, rest.spans)


def times(span):
    return int(span.get("startTimeUnixNano", 0)), int(span.get("endTimeUnixNano", 0))


def moves_as_one(result, name):
    """By how much all were moved; durations, order and events stay."""
    by_name = {span["name"]: times(span) for span in result.spans}
    old = {span["name"]: times(span) for span in send(data=EVENTFUL).spans}
    offsets = {by_name[key][i] - old[key][i] for key in old for i in (0, 1)}
    offsets |= {int(span["events"][0]["timeUnixNano"]) - (BEGIN + 120 * MS)
                for span in result.spans if span.get("events")}
    ok(len(offsets) == 1 and len(result.spans) == 6, f"{name}: by one offset", offsets, result)
    return min(offsets)


EVENTFUL = CAPTURE + line(4, 41, 100, 100, events=[
    {"time_unix_nano": str(BEGIN + 120 * MS), "name": "here"},
    {"time_unix_nano": "0", "name": "nowhen"}])


def shifts():
    hour = 3600 * 10**9
    for more in ([], ["-j", "1"], ["--where", "{ } | count() > 0"]):
        for text, offset in (("+1h", hour), ("-1h30m", -hour * 3 // 2), ("+0s", 0),
                             ("start=2025-04-07T09:45:13Z", 10**9)):
            result = send("--shift", text, *more, data=EVENTFUL)
            ok(moves_as_one(result, text) == offset, f"{text} {' '.join(more)}", result)
        for text in ("now", "end=now"):
            before = time.time_ns()
            result = send("--shift", text, *more, data=EVENTFUL)
            moves_as_one(result, text)
            last = max(times(span)[1] for span in result.spans)
            ok(before <= last <= result.requests[0].time_ns,
               f"{text} {' '.join(more)}: the last ends when it is sent")
            ok("older" not in result.err, "no hint", result)
    hint = send(data=EVENTFUL)
    ok(hint.err.count("6 spans are older than an hour") == 1, "a hint", hint)
    new = json.loads(line(1, 11))
    new.update(start_unix_nano=str(time.time_ns()), end_unix_nano=str(time.time_ns()))
    ok("older" not in send(data=json.dumps(new).encode() + b"\n").err, "none for new spans")
    timeless = json.loads(line(1, 11))
    timeless.update(start_unix_nano="0", end_unix_nano="0")
    timeless = json.dumps(timeless).encode() + b"\n"
    for text in ("now", "+1h", "start=2025-04-07T09:45:13Z"):
        result = send("--shift", text, data=timeless)
        ok(result.status == 0 and times(result.spans[0]) == (0, 0), "no time stays none", result)
    unbegun = json.loads(line(1, 12))
    unbegun.update(start_unix_nano="0")
    unbegun = json.dumps(unbegun).encode() + b"\n"
    for data, offset in ((unbegun, 0), (unbegun + line(1, 13), 10**9)):
        result = send("--shift", "start=2025-04-07T09:45:13Z", data=data)
        ok(result.status == 0 and times(result.spans[0]) == (0, BEGIN + MS + offset),
           f"a span without a start is moved by {offset}", result)


def impossible_shifts():
    """What cannot be moved is damage; the rest goes on."""
    early = json.loads(line(9, 91))
    early.update(start_unix_nano="1000", end_unix_nano="2000")
    late = json.loads(line(9, 92))
    late.update(start_unix_nano=str(2**64 - 10**9), end_unix_nano=str(2**64 - 1))
    for extra, text in ((early, "-1h"), (late, "+1h"), (late, "+1s")):
        for more in ([], ["--loop", "1"], ["--loop", "2"]):
            result = send("--shift", text, *more, data=CAPTURE + json.dumps(extra).encode() + b"\n")
            rounds = 2 if "2" in more else 1
            ok(result.status == 3 and sorted(set(names(result))) == ALL and
               result.summary["read"] == 6 * rounds and result.summary["invalid"] == rounds and
               "behind 2554" in result.err, f"{text} {' '.join(more)}: too far", result)


def loops():
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "spans")
        with open(path, "wb") as file:
            file.write(CAPTURE)
        piped = send("--loop", "3", "--batch-spans", "4", data=CAPTURE)
        read = send("--loop", "3", "--batch-spans", "4", path)
    holds_together(piped.spans, "--loop 3", 3)
    ok(piped.status == 0 and piped.summary["accepted"] == 15, "each is accounted for", piped)
    ok(piped.spans == read.spans, "a pipe and a file alike")
    ok(names(piped) == names(send(data=CAPTURE)) * 3, "one round after the other")
    both = send("--loop", "2", "--multiply", "2", "--where", "{ } | count() > 0", data=CAPTURE)
    holds_together(both.spans, "--loop 2 --multiply 2", 4)
    ok(send("--loop", "forever").status == 0, "nothing, for ever, is done at once")


def loop_forever():
    """An interrupt ends it, and is no failure."""
    for number in (signal.SIGINT, signal.SIGTERM):
        with Server(lambda request, index: response(200)) as server:
            command = ["otlp-send", "--endpoint", server.url, "--loop", "forever", "--summary",
                       "--batch-spans", "7", "--protocol", "http/json", "--grace", "20s"]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as run:
                run.stdin.write(CAPTURE)
                run.stdin.close()
                while len(server.requests) < 3:
                    time.sleep(0.01)
                run.send_signal(number)
                said = run.stderr.read()
                status = run.wait()
            summary = json.loads(said.strip().splitlines()[-1])
            ok(status == 0 and summary["read"] == summary["accepted"] == len(server.accepted) and
               len(set(server.accepted)) == len(server.accepted) > 14,
               f"for ever, until signal {number}", said)


def unread(pipe):
    """So many bytes nobody has taken yet."""
    count = fcntl.ioctl(pipe, termios.FIONREAD, bytes(4))
    return int.from_bytes(count, sys.byteorder)


def interrupted_pipes():
    """A pipe cannot be read again: what was not sent of it goes to the dead letters."""
    for arguments, sent in ((["--loop", "2"], 0), (["--pace", "0.001x", "--shift", "now"], 4),
                            (["--rate", "0.01traces/s", "--batch-spans", "2"], 4),
                            (["--rate", "0.01traces/s", "--multiply", "2"], 4),
                            (["--loop", "2", "--where", "{ } | count() > 0"], 0)):
        with Server(lambda request, index: response(200)) as server, \
                tempfile.TemporaryDirectory() as place:
            letters = os.path.join(place, "letters")
            command = ["otlp-send", "--endpoint", server.url, "--summary", "--protocol",
                       "http/json", "--grace", "20s", "--dead-letter", letters, *arguments]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as run:
                run.stdin.write(CAPTURE)
                if sent:
                    run.stdin.close()
                    harness.wait_until(lambda server=server, sent=sent:
                                       len(server.accepted) >= sent)
                else:
                    run.stdin.flush()
                    harness.wait_until(lambda run=run: not unread(run.stdin))
                run.send_signal(signal.SIGINT)
                said = run.stderr.read()
                status = run.wait()
            with open(letters, encoding="utf-8") as file:
                kept = [json.loads(text)["name"] for text in file]
        summary = json.loads(said.strip().splitlines()[-1])
        read = 10 if "--multiply" in arguments else 5
        ok(status == 4 and summary["read"] == read and summary["accepted"] == sent and
           summary["undelivered"] == len(kept) == read - sent and len(server.accepted) == sent,
           f"a pipe, interrupted: {' '.join(arguments)}", status, said, kept)


def nobody_there():
    """That nobody is there is found out before the next span comes, or is due."""
    for arguments, data in ((["--pace", "0.001x"], CAPTURE), (["--flush", "10ms"], CAPTURE)):
        command = ["otlp-send", "--endpoint", "http://127.0.0.1:1", "--summary", *arguments]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as run:
            run.stdin.write(data)
            run.stdin.flush()
            if "--pace" in arguments:
                run.stdin.close()
            try:
                status = run.wait(60)
            except subprocess.TimeoutExpired:
                run.kill()
                status = "waits on"
            said = run.stderr.read().decode()
        ok(status == 4 and "nobody is there" in said and "undelivered 0" not in said,
           f"nobody is there: {' '.join(arguments)}", status, said)


def news_at_rest():
    """What a server refused is told while the input rests, and while the next span is not due."""
    for arguments in (["--flush", "10ms"], ["--rate", "0.001traces/s"]):
        with Server(lambda request, index: response(400, b"not this", Content_Type="text/plain")) \
                as server:
            command = ["otlp-send", "--endpoint", server.url, "--grace", "20s", *arguments]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as run:
                run.stdin.write(CAPTURE)
                run.stdin.flush()
                if "--rate" in arguments:
                    run.stdin.close()
                told = any(b"not this" in text for text in run.stderr)
                if run.poll() is None:
                    run.send_signal(signal.SIGINT)
                rest = run.stderr.read()
        ok(told and b"undelivered" in rest, f"a refusal is told at once: {' '.join(arguments)}",
           rest)


def is_past(result):
    """No span had its end before it when it arrived."""
    return all(times(span)[1] <= request.time_ns for request in result.requests
               for span in otlp_server.spans_of_json(request.plain))


BY_END = ["span 12", "span 11", "span 22", "span 21", "span 31"]


def captured_pace():
    plain = send("--pace", "1x", data=CAPTURE)
    ok(plain.status == 0 and names(plain) == BY_END, "1x: spans in the order of their ends", plain)
    ok(sorted(map(times, plain.spans)) == sorted(map(times, send(data=CAPTURE).spans)),
       "1x: times stay without --shift")
    for more in ([], ["--where", "{ } | count() > 0"], ["--batch-spans", "1"]):
        before = time.time_ns()
        result = send("--pace", "1x", "--shift", "now", *more, data=CAPTURE)
        after = time.time_ns()
        ends = [times(span)[1] for span in result.spans]
        ok([end - ends[0] for end in ends] == [0, 70 * MS, 140 * MS, 170 * MS, 280 * MS] and
           names(result) == BY_END, f"1x {' '.join(more)}: moved by one offset", ends)
        ok(before <= ends[0] and ends[-1] <= after and is_past(result),
           f"1x {' '.join(more)}: each ended when it was sent", result)
    last = send("--pace", "1x", "--shift", "end=now", data=CAPTURE)
    ok(max(times(span)[1] for span in last.spans) <= last.requests[0].time_ns, "end=now", last)
    twice = send("--pace", "1x", "--shift", "now", "--loop", "2", data=CAPTURE)
    ends = [times(span)[1] for span in twice.spans]
    ok(names(twice) == BY_END * 2 and ends == sorted(ends) and is_past(twice),
       "a round after the other", twice, ends)


def other_paces():
    """Traces 1 and 2 are linked and end 110 ms before trace 3."""
    for arguments, distance in ((["--pace", "2x"], 55 * MS), (["--pace", "100x"], 1100_000),
                                (["--rate", "100/s"], 40 * MS), (["--rate", "200spans/s"], 20 * MS),
                                (["--rate", "100traces/s"], 20 * MS)):
        for order in (CAPTURE, b"".join(reversed(CAPTURE.splitlines(True)))):
            result = send(*arguments, "--shift", "now", data=order)
            by_name = {span["name"]: times(span) for span in result.spans}
            name = " ".join(arguments)
            ok(result.status == 0 and len(result.spans) == 5 and
               by_name["span 21"][1] - by_name["span 12"][1] == 170 * MS and
               by_name["span 21"][1] - by_name["span 11"][0] == 200 * MS,
               f"{name}: what is linked moves together", result, by_name)
            ok(by_name["span 31"][1] - by_name["span 21"][1] == distance,
               f"{name}: the next trace follows", by_name)
            ok(is_past(result) and names(result)[-1] == "span 31", f"{name}: none is too early")
    result = send("--rate", "1Mbytes/s", data=CAPTURE)
    ok(result.status == 0 and len(result.spans) == 5 and
       {times(span)[0] for span in result.spans} ==
       {times(span)[0] for span in send(data=CAPTURE).spans}, "bytes", result)


def many_spans():
    """More than memory is allowed for: sorted all the same, in each round."""
    count = 12_000
    places = [place * 7919 % count for place in range(count)]
    data = b"".join(json.dumps({
        "trace_id": f"{place + 1:032x}", "span_id": f"{place + 1:016x}", "name": f"span {place}",
        "start_unix_nano": str(BEGIN), "end_unix_nano": str(BEGIN + place),
    }).encode() + b"\n" for place in places)
    with tempfile.TemporaryDirectory() as place:
        paths = [os.path.join(place, name) for name in ("one", "two")]
        lines = data.splitlines(True)
        for path, half in zip(paths, (lines[:count // 2], lines[count // 2:])):
            with open(path, "wb") as file:
                file.write(b"".join(half))
        result = send("--pace", "1x", "--mem-limit", "64k", "--loop", "2", *paths)
    ok(result.status == 0 and names(result) == [f"span {i}" for i in range(count)] * 2,
       "two files merged by time, from runs", result)
    over = send("--rate", "1000000/s", "--mem-limit", "64k", data=data)
    ok(over.status == 2 and "--mem-limit" in over.err, "too many traces to keep together", over)


def dry_runs():
    """Nothing is sent, and nothing is waited for: what takes an hour is told at once."""
    hour = line(1, 11) + line(2, 21, 3_600_000, 501)
    for arguments, expected in (
        (["--pace", "1x"], ["2", "2", "3600.500 s"]),
        (["--pace", "1x", "--loop", "3"], ["6", "4", "10801.500 s"]),
        (["--pace", "2x", "--loop", "forever"], ["2 in each round", "2 in each round",
                                                 "1800.250 s in each round"]),
        (["--rate", "0.5/s", "--multiply", "2"], ["4", "4", "6.000 s"]),
        (["--rate", "0.5/s", "--multiply", "2", "--loop", "3"], ["12", "12", "22.000 s"]),
        (["--rate", "0.5traces/s", "--multiply", "2"], ["4", "4", "6.000 s"]),
        (["--rate", "0.5traces/s", "--loop", "3"], ["6", "6", "10.000 s"]),
        (["--pace", "1e-300x"], ["2", "2", "1152921504.607 s"]),
        (["--rate", "1e-300/s"], ["2", "2", "1152921504.607 s"]),
        (["--pace", "1e300x"], ["2", "1", "0.000 s"]),
        (["--batch-spans", "1"], ["2", "2", "as fast as the server takes them"]),
    ):
        with tempfile.TemporaryDirectory() as place:
            letters = os.path.join(place, "letters")
            result = send("--dry-run", "-H", "X-Key: secret", "--dead-letter", letters, *arguments,
                          data=hour)
            left = os.listdir(place)
        said = [text.split(None, 1) for text in result.out.decode().splitlines()]
        told = dict(pair for pair in said if len(pair) == 2)
        ok(result.status == 0 and not result.requests and not left and
           [told["spans"], told["batches"], told["duration"]] == expected and
           told["endpoint"].startswith("http://127.0.0.1:") and
           told["header"].split() == ["X-Key:", "(hidden)", "-H"] and int(told["bytes"].split()[0].strip(",")) > 200,
           f"--dry-run {' '.join(arguments)}", result, result.out.decode())


selection()
sets()
binary_input()
new_ids()
resuming()
resuming_at_pace()
shifts()
impossible_shifts()
loops()
loop_forever()
interrupted_pipes()
nobody_there()
news_at_rest()
captured_pace()
other_paces()
many_spans()
dry_runs()
harness.done()
