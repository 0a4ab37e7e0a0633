#!/usr/bin/env python3
"""What trace-stats says of whole traces is the same whether their spans are kept whole or cut down to
what is counted: of broken traces and messages, by all kinds of groups, in any form, order and memory."""

import json
import os
import random
import tempfile

from harness import done, encode, ok, run

START = 1767225600 * 10**9
KINDS = ["unspecified", "internal", "server", "client", "producer", "consumer", 9]
VALUES = ["GET /", "", "a longer text than a word", 7, -7, 0.5, -0.0, True, False, ["a", 1], [], 2**60, "7", None]
MEASURES = ("count,errors,min,max,p50,self.sum,self.min,self.p95,critical.sum,critical.max,critical.share,traces,"
            "calls,calls_max")  # fmt: skip
# spans are kept whole where the query is of traces
WHOLE = "{{ {} }} | count() > 0"


def span_line(trace, number, parent, start, length, **more):
    line = {"trace_id": trace, "span_id": f"{number:016x}", "parent_span_id": parent, "name": "work", "service": "one",
            "kind": "internal", "status": "unset", "start_unix_nano": str(start), "end_unix_nano": str(start + length)}
    return {key: value for key, value in {**line, **more}.items() if value is not None}


def make(draw, count):
    """Traces with and without roots, with orphans, cycles, duplicates and ids that are none."""
    for index in range(count):
        trace = f"{index // 90 * 10 + draw.randrange(10) + 1:032x}"
        near = f"{max(1, index - draw.randrange(1, 30)):016x}"
        parent = draw.choice([near, near, near, "", "0" * 16, "f" * 16, f"{index + 1:016x}", f"{index + 9:016x}"])
        # clocks of ms and ns, and spans that end before they start
        start = START + draw.choice([draw.randrange(10**10), draw.randrange(10**4) * 10**6])
        length = draw.choice([draw.randrange(10**9), draw.randrange(10**3) * 10**6, -draw.randrange(10**6), 0])
        attributes = {"a": draw.choice(VALUES), "pad": "x" * draw.randrange(300)}
        events = [{"time_unix_nano": str(start), "name": draw.choice(["thrown", "said"])}]
        yield span_line(trace, draw.choice([index + 1] * 9 + [index, 0]), parent, start, length,
                        name=draw.choice(["get", "put", "", "\u00fcber", "a name of some length"]),
                        service=draw.choice(["one", "two", "", None]), kind=draw.choice(KINDS),
                        status=draw.choice(["unset", "error"]), attributes=attributes,
                        trace_state=draw.choice(["ot=rv:ffffffffffffff;th:8", "ot=th:0", None]),
                        events=draw.choice([events, None]))  # fmt: skip


def lines_of(spans):
    return b"".join(json.dumps(span).encode() + b"\n" for span in spans)


def stats(*arguments, data, query="", whole=False):
    query = WHOLE.format(query) if whole else query
    where = ["--where", query] if query else []
    return run("trace-stats", *arguments, *where, data=data)


def same(name, one, *others):
    for other in others:
        ok((one.status, one.out, one.err) == (other.status, other.out, other.err), name, one, one.out, other, other.out)


QUESTIONS = [
    ([], ""),
    (["--by", "service, span.a, kind, status, name, span:duration, span.a = 7, span:parentID"], ""),
    (["--by", "", "--window", "1s"], ""),
    (["--by", "span.a", "--window", "300ms"], "status = error"),
    (["--by", "kind"], "kind = consumer || span.a = \"GET /\""),
    (["--root", "--by", "name, span.a"], ""),
    (["--root"], "status = error"),
    (["--root", "--by", "name", "--since", "2026-01-01T00:00:01Z", "--until", "2026-01-01T00:00:04Z"], "span.a != nil"),
    (["--since", "2026-01-01T00:00:01Z", "--until", "2026-01-01T00:00:02Z"], ""),
    (["--trace", "0" * 30 + "1", "--by", "service"], "duration > 1ms"),
    (["--by", "event:name, span.a"], "event:name != nil"),
    # these take whole spans
    (["--adjusted"], ""),
    (["--by", "rootName"], ""),
    (["--assert", "{ kind = client } by(name) max < 1ms", "--assert", "self.max < 1ms"], ""),
]  # fmt: skip


def check(lines):
    data = run("otlp-decode", data=lines).out
    # one span a message: their order matters, where ids are the same
    protobuf, documents = (encode("--to", form, "--batch-spans", 1, data=data).out for form in ("be32", "otlp-lines"))
    others = b"".join(json.dumps(dict(reversed(json.loads(line).items()))).encode() + b"\n"
                      for line in data.splitlines())  # fmt: skip
    for question, query in QUESTIONS:
        arguments = [*question, "--measure", MEASURES, "--to", "json", "--top", 0]
        first = stats(*arguments, "-j", 1, data=data, query=query, whole=True)
        ok(first.status == ("--assert" in question) and b"critical" in first.out, f"{question} {query}", first)
        same(f"{question} {query}: the same",
             first,
             stats(*arguments, "-j", 1, data=data, query=query),
             stats(*arguments, "-j", 2, data=data, query=query),
             stats(*arguments, "-j", 2, "--mem-limit", "64k", data=data, query=query),
             stats(*arguments, "-j", 1, data=others, query=query),
             stats(*arguments, "-j", 1, data=lines, query=query),
             stats(*arguments, "-j", 1, data=documents, query=query),
             stats(*arguments, "-j", 2, data=protobuf, query=query))  # fmt: skip


def check_keys(data):
    """Attributes of roots, of which none is cut away."""
    arguments = ["--keys", "--root", "--to", "json"]
    same("the keys of roots", stats(*arguments, data=data, whole=True), stats(*arguments, "-j", 2, data=data))


def check_saved(data):
    """The traces of durations are those of the spans."""
    with tempfile.TemporaryDirectory() as place:
        contents = []
        for whole in (True, False):
            path = os.path.join(place, "saved")
            stats("--measure", "calls", "--save", path, data=data, whole=whole)
            with open(path, "rb") as file:
                contents.append(file.read().replace(b'"where":"s:{  } | count() > 0"', b'"where":null'))
    ok(contents[0] == contents[1] and b'"where":null' in contents[0], "the same is saved")


def check_baseline(data):
    """What spans were before is found as it is now."""
    data = run("otlp-decode", data=data).out
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "before")
        with open(path, "wb") as file:
            file.write(data)
        arguments = ["--root", "--by", "span.a", "--baseline", path, "--to", "json"]
        same("a baseline of roots", *(stats(*arguments, "-j", jobs, data=data, whole=whole)
                                      for whole, jobs in ((True, 1), (False, 1), (False, 2))))  # fmt: skip


def check_sorted(data):
    """Traces that come again in the middle of others are looked at in parts, and it is said."""
    ways = [stats("--sorted", "--measure", MEASURES, "--to", "json", "-j", jobs, data=data, whole=whole)
            for jobs in (1, 2) for whole in (True, False)]  # fmt: skip
    ok(ways[0].status == 2 and "came again" in ways[0].err, "traces come again", ways[0])
    same("which is told alike", *ways)


def critical(spans):
    groups = json.loads(stats("--measure", "critical.sum", "--by", "name", "--to", "json", data=lines_of(spans)).out)
    return {group["by"]["name"]: group["critical.sum_ms"] for group in groups["groups"]}


def check_messages():
    """Nobody waits for what a message sets off."""
    def trace(producer, consumer):
        trace_id, ms = "1" * 32, 10**6
        return [span_line(trace_id, 3, f"{2:016x}", START + 40 * ms, 30 * ms, name="take", kind=consumer),
                span_line(trace_id, 2, f"{1:016x}", START + 30 * ms, 60 * ms, name="send", kind=producer),
                span_line(trace_id, 1, "", START, 100 * ms, name="serve", kind="server")]  # fmt: skip

    ok(critical(trace("producer", "consumer")) == {"serve": 40, "send": 60, "take": 0}, "a message")
    ok(critical(trace("client", "consumer")) == {"serve": 40, "send": 30, "take": 30}, "a call")


def check_damaged(data):
    """What is looked at is found damaged, and the span left out, by whoever looks."""
    lines = data.splitlines(keepends=True)
    for at in range(0, len(lines), 40):
        lines[at] = lines[at].replace(b'"attributes": {"a": ', b'"attributes": {"a": x')
    arguments = ["--measure", MEASURES, "--by", "span.a", "--to", "json"]
    whole, one, two = (stats(*arguments, "-j", jobs, data=b"".join(lines), whole=whole)
                       for whole, jobs in ((True, 1), (False, 1), (False, 2)))  # fmt: skip
    ok(one.status == 3 and (whole.status, whole.out) == (one.status, one.out), "damaged lines", whole, one)
    same("damaged lines, -j 2", one, two)


def check_limits():
    """Answers that are not known count where they were asked for: not of what is not counted."""
    hard = "a" * 40
    spans = [span_line("1" * 32, 1, "", START, 10**9, name="b"), span_line("1" * 32, 2, f"{1:016x}", START, 5, name=hard),
             span_line("2" * 32, 3, "", START + 10**10, 10**9, name=hard)]  # fmt: skip
    data = lines_of(spans)
    by = ["--measure", "calls", "--by", "name =~ \"(a+)+[bc]\""]
    until = ["--until", "2026-01-01T00:00:05Z"]
    for arguments, query, unknown in ((by, "", 2), ([*by, "--root"], "", 1), ([*by, "--root", *until], "", 0),
                                      (["--measure", "calls"], "name =~ \"(a+)+[bc]\"", 2),
                                      (["--measure", "calls", *until], "name =~ \"(a+)+[bc]\"", 1)):  # fmt: skip
        cut, whole = (stats(*arguments, data=data, query=query, whole=whole) for whole in (False, True))
        ok(cut.err.startswith(f"trace-stats: {unknown} answers") if unknown else cut.err == "", f"{unknown} unknown", cut)
        same(f"{unknown} unknown, cut down or whole", whole, cut)


chance = random.Random(17)
SPANS = list(make(chance, 1500))
check(lines_of(SPANS))
check_keys(lines_of(SPANS))
check_saved(lines_of(SPANS))
check_baseline(lines_of(SPANS))
check_sorted(lines_of(SPANS))
check_messages()
check_damaged(lines_of(SPANS))
check_limits()
done()
