#!/usr/bin/env python3
"""The slowest traces are the same however they are found: of files, of stdin, of a pipe, in little
memory, by several workers, and where all traces are gathered; and so is what is said of damage."""

import gzip
import json
import os
import random
import subprocess
import tempfile

import harness

START = 1767225600 * 10**9
PAD = "x" * 900  # so that the input is read in several steps


def span(draw, trace, number, parent):
    start = START + draw.randrange(10**9)
    return {"trace_id": f"{trace:032x}", "span_id": f"{number:016x}", "parent_span_id": parent,
            "name": f"operation {number % 5}", "service": f"service {trace % 3}", "status": "unset",
            "start_unix_nano": str(start), "end_unix_nano": str(start + draw.randrange(10**8)),
            "attributes": {"pad": PAD}}


def canonical(line):
    seconds, fraction = divmod(int(line["start_unix_nano"]), 10**9)
    words = dict(line)
    times = {"start": f"2026-01-01T00:00:{seconds - START // 10**9:02}.{fraction:09}Z",
             "duration_ms": (int(line["end_unix_nano"]) - int(line["start_unix_nano"])) / 10**6}
    return {key: value for name in words for key, value in
            ((times | {name: words[name]}).items() if name == "start_unix_nano" else [(name, words[name])])}


def spans(draw, count):
    """Traces with a root, with several, and with none; some of their spans far from the others."""
    traces = [draw.randrange(1, 2**100) for _ in range(count // 12)]
    made = []
    for i in range(count):
        near = traces[max(0, i // 12 - 2):i // 12 + 3]
        trace = draw.choice(traces if draw.random() < 0.03 else near)
        parent = {0: "", 1: "0" * 16}.get(draw.randrange(9), f"{draw.randrange(count):016x}")
        if trace % 7 == 0:
            parent = f"{draw.randrange(count):016x}"
        made.append(canonical(span(draw, trace, draw.choice([i, i, max(i - 1, 0)]), parent)))
    return made


def as_lines(made, separators=(",", ":")):
    return [json.dumps(line, separators=separators).encode() + b"\n" for line in made]


def as_documents(made):
    return [json.dumps({"resourceSpans": [{"resource": {}, "scopeSpans": [{"spans": [{
        "traceId": line["trace_id"], "spanId": line["span_id"],
        "parentSpanId": line["parent_span_id"].replace("0" * 16, ""), "name": line["name"],
        "startTimeUnixNano": line["start_unix_nano"], "endTimeUnixNano": line["end_unix_nano"],
        "attributes": [{"key": "pad", "value": {"stringValue": PAD}}]}]}]}]}).encode() + b"\n"
        for line in made]


def damaged(draw, lines, how):
    broken = list(lines)
    for _ in range(6):
        at = draw.randrange(len(broken))
        broken[at] = how(broken[at])
    return broken


def from_file(data, *arguments, **options):
    """As harness.run, but stdin is a file."""
    with tempfile.TemporaryFile() as file:
        file.write(b"before" + data)
        file.flush()
        file.seek(6)
        process = subprocess.run(arguments, stdin=file, capture_output=True, check=False, **options)
    return harness.Result(process.returncode, process.stdout, process.stderr.decode())


def same(name, one, other, stderr=True):
    harness.ok(one.status == other.status and one.out == other.out and
               (not stderr or one.err == other.err), name, one, other)


def check(name, data, sound=True):
    """`sound`: nothing of it is damaged, so that it does not matter who reads it whole."""
    show = ("trace-tree", "--slowest", "7", "--to", "json")
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "stdin")
        with open(path, "wb") as file:
            file.write(data)
        expected = harness.run(*show, "-j", "1", "stdin", cwd=directory)
        harness.ok(expected.out.count(b"\n") == 7, f"{name}: seven traces", expected)
        gathered = harness.run(*show, "--where", "{}", "stdin", cwd=directory)
        harness.ok(expected.out == gathered.out and (not sound or expected.status == gathered.status),
                   f"{name}: as where all are gathered", expected, gathered)
        same(f"{name}: a file, three workers", expected,
             harness.run(*show, "-j", "3", "stdin", cwd=directory))
        same(f"{name}: a pipe", expected, harness.run(*show, "-j", "1", data=data))
        same(f"{name}: a pipe, three workers", expected, harness.run(*show, "-j", "3", data=data))
        same(f"{name}: a pipe, in files", expected,
             harness.run(*show, "--mem-limit", "1M", data=data))
        if sound:
            same(f"{name}: a pipe, too many traces", expected,
                 harness.run(*show, "--mem-limit", "64k", data=data))
            same(f"{name}: a pipe, and no place for files", expected,
                 harness.run(*show, "--mem-limit", "6M", data=data,
                             env=os.environ | {"TMPDIR": "/no/such/directory"}))
        same(f"{name}: a file as stdin", expected, from_file(data, *show))
        if not sound:
            return
        same(f"{name}: two files", harness.run(*show, "--where", "{}", "stdin", "stdin", cwd=directory),
             harness.run(*show, "stdin", "stdin", cwd=directory), stderr=False)


random_numbers = random.Random(4)
sound_spans = spans(random_numbers, 3000)
lines = as_lines(sound_spans)
check("lines", b"".join(lines))
check("without an end", b"\n".join(lines)[:-1])
check("blank lines", b"\n".join(line + b"\r\n" * (len(line) % 3) for line in lines))
check("spaces between tokens", b"".join(as_lines(sound_spans, (", ", ": "))))
check("documents", b"".join(as_documents(sound_spans)))
check("compressed", gzip.compress(b"".join(lines)))
check("protobuf", harness.run("otlp-encode", "--to", "be32", data=b"".join(lines)).out)
for damage, how in {"a line is cut": lambda line: line[:100] + b"\n",
                    "a line is garbage": lambda line: b"garbage " + line,
                    "no line": lambda line: b'{"trace_id":7}\n',
                    "a time is missing": lambda line: line.replace(b"start_unix", b"end_unix"),
                    "attributes are damaged": lambda line: line.replace(b"x" * 10, b"\x01"),
                    "an id is odd": lambda line: line.replace(b'"trace_id":"0', b'"trace_id":"g')}.items():
    check(damage, b"".join(damaged(random_numbers, lines, how)), sound=False)
# some of what is shown is surely damaged, behind what tells that it is shown
harmed = [line.replace(b"x" * 10, b"\x01") if i % 5 == 0 else line for i, line in enumerate(lines)]
check("every fifth is damaged", b"".join(harmed), sound=False)
# ... and with the root that told it, a trace is no longer one of the slowest
harmed = [line.replace(b"x" * 10, b"\x01") if b'"parent_span_id":""' in line and i % 3 == 0 else line
          for i, line in enumerate(lines)]
check("roots are damaged", b"".join(harmed), sound=False)
harness.done()
