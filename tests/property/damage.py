#!/usr/bin/env python3
"""Damage in OTLP/JSON costs what it hits: every span that is whole by the structure of the text comes
out once, with its resource and scope unless those are hit, and each damage is told once.

What is whole is known from writing the text: each part's bytes are noted on the way.
"""

import json
import random
import re
import tempfile
from pathlib import Path

from harness import decode, done, encode, ok, setting

ATTRIBUTES = [
    {"key": "text", "value": {"stringValue": 'a "quoted\\" {"name":[ {"traceId" text'}},
    {"key": "list", "value": {"arrayValue": {"values": [{"intValue": "1"}, {"boolValue": True}]}}},
    {"key": "map", "value": {"kvlistValue": {"values": [
        {"key": "name", "value": {"doubleValue": 0.5}}]}}},
]  # fmt: skip
# A byte becomes one of these, or goes.
BYTES = [b"X", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b" ", b"\n", b"\0", b"\xff", b"7", b""]
MARK = "ff" * 16
BYTES_AT_ONCE = 100 << 20  # of texts, in files


def twice(name):
    """As the text has a name: no damage to a byte makes it that of another."""
    return f"{name}={name}"


def once(name):
    """The name that the text has twice, or None: damage has hit it."""
    half = name[: len(name) // 2]
    return half if name == twice(half) else None


class Part:
    """Bytes of the text that mean one thing; `owner` is the span's or the resource's name."""

    def __init__(self, kind, owner):
        self.kind, self.owner = kind, owner
        self.begin = self.end = 0

    def hit(self, begin, end):
        return begin < self.end and self.begin < end


class Writer:
    """JSON as text, with the places of its parts."""

    def __init__(self, layout):
        self.layout = layout
        self.text = ""
        self.parts = []

    def part(self, kind, owner, write):
        part = Part(kind, owner)
        part.begin = len(self.text)
        write()
        part.end = len(self.text)
        self.parts.append(part)

    def value(self, content, depth):
        if self.layout == "compact":
            self.text += json.dumps(content, separators=(",", ":"))
        else:
            indent = "\n" + "  " * depth
            self.text += json.dumps(content, indent=2).replace("\n", indent)

    def gap(self, depth):
        if self.layout == "pretty":
            self.text += "\n" + "  " * depth
        elif self.layout == "flush":
            self.text += "\n"

    def items(self, brackets, depth, writes):
        self.text += brackets[0]
        for i, write in enumerate(writes):
            self.text += "," if i > 0 else ""
            self.gap(depth + 1)
            write()
        self.gap(depth)
        self.text += brackets[1]

    def member(self, key, kind, owner, write):
        """A key and its value; a hit in the key, the colon or the bracket that opens is one of `kind`."""

        def head():
            self.text += f'"{key}":'

        def write_all():
            self.part(kind, owner, head)
            self.parts[-1].end += 1
            write()

        return write_all


def span_of(name, number):
    return {
        "traceId": "5b8efff798038103d269b633813fc60c",
        "spanId": f"{number:016x}",
        "name": name,
        "kind": 2,
        "startTimeUnixNano": "1744019112345678901",
        "endTimeUnixNano": "1744019112358024579",
        "attributes": ATTRIBUTES[number % 2 :],
        "events": [{"timeUnixNano": "1744019112350000000", "name": "event"}] * (number % 2),
        "links": [{"traceId": "0" * 31 + "1", "spanId": "0" * 15 + "1"}] * (number % 3 == 0),
        "status": {"code": 2, "message": "broken"},
    }


class Text:
    """Requests, a line each: two resources of two scopes of two spans."""

    def __init__(self, layout, behind):
        self.writer = Writer(layout)
        self.sizes = self.sizes_of_spans()
        self.spans = {}
        self.ends = []
        for number in range(2):
            self.request(number, behind)
            self.writer.text += "\n"
            self.ends.append(len(self.writer.text))
        self.bytes = self.writer.text.encode()
        self.parts = self.writer.parts

    def sizes_of_spans(self):
        """By request, resource and scope: how many bytes more each span has."""
        return [[[[0, 0]] * 2] * 2] * 2

    def request(self, number, behind):
        writer = self.writer
        sizes = self.sizes[number]
        services = [f"service-{number}-{i}" for i in range(len(sizes))]

        def resources():
            writer.items("[]", 1, [
                lambda s=s, z=z: self.resource_spans(s, z, behind)
                for s, z in zip(services, sizes, strict=True)
            ])  # fmt: skip

        writer.items("{}", 0, [writer.member("resourceSpans", "frame", services, resources)])

    def resource_spans(self, service, sizes, behind):
        writer = self.writer
        scopes = [f"{service}/scope-{i}" for i in range(len(sizes))]
        resource = {"attributes": [*ATTRIBUTES,
                                   {"key": "service.name", "value": {"stringValue": twice(service)}}]}  # fmt: skip

        def scope_list():
            writer.items("[]", 3, [
                lambda s=s, z=z: self.scope_spans(service, s, z)
                for s, z in zip(scopes, sizes, strict=True)
            ])  # fmt: skip

        members = [
            lambda: writer.part("resource", service, writer.member(
                "resource", "resource", service, lambda: writer.value(resource, 3))),
            writer.member("scopeSpans", "frame", [service], scope_list),
        ]  # fmt: skip
        writer.items("{}", 2, members[::-1] if behind else members)

    def scope_spans(self, service, scope, sizes):
        writer = self.writer
        names = [f"{scope}/span-{i}" for i in range(len(sizes))]

        def span(name, size):
            number = len(self.spans) + 1
            self.spans[name] = (service, scope, len(self.spans))
            content = span_of(twice(name), number)
            if size > 0:
                content["links"] = [{"traceState": "x" * size}, *content["links"]]
            writer.part("span", name, lambda: writer.value(content, 6))

        def span_list():
            writer.items("[]", 5, [
                lambda n=n, z=z: span(n, z) for n, z in zip(names, sizes, strict=True)
            ])  # fmt: skip

        writer.items("{}", 4, [
            lambda: writer.part("scope", scope, writer.member(
                "scope", "scope", scope, lambda: writer.value({"name": twice(scope)}, 5))),
            writer.member("spans", "frame", [scope], span_list),
        ])  # fmt: skip

    def expected(self, begin, end):
        """By span name: what to expect of it where these bytes are hit."""
        hit = [part for part in self.parts if part.hit(begin, end)]
        owners = {part.owner for part in hit if part.kind in ("resource", "scope", "span")}
        frames = [owner for part in hit if part.kind == "frame" for owner in part.owner]
        rows = {}
        for name, (service, scope, _) in self.spans.items():
            lost = name in owners or any(name.startswith(frame + "/") for frame in frames)
            known = [owner for owner in (service, scope) if not lost and owner not in owners]
            rows[name] = Expected(not lost, service, scope, known)
        return rows


class Expected:
    """Must the span come, of which service and scope, and which of these must be known?"""

    def __init__(self, needed, service, scope, known):
        self.needed, self.service, self.scope, self.known = needed, service, scope, known


def judge(rows, lines, loose=False):
    """What is wrong with the lines, or None.  No span comes twice, or with what is another's, or
    without its own; loose: resources may be unknown."""
    seen = set()
    owners = {owner for row in rows.values() for owner in (row.service, row.scope)}
    for line in lines:
        span = json.loads(line)
        name = once(span["name"])
        if name not in rows:
            continue
        if name in seen:
            return f"{name} comes twice"
        seen.add(name)
        row = rows[name]
        service, scope = span.get("service"), span.get("scope", {}).get("name")
        for what, own, got in [("", row.service, service), ("scope ", row.scope, scope)]:
            if got is not None and once(got) == own:
                continue
            if got is not None and once(got) in owners:
                return f"{name} is of {what}{got}, which is another's"
            if own in row.known and not (loose and what == "" and got is None):
                return f"{name} is of {what}{got}"
    for name, row in rows.items():
        if row.needed and name not in seen:
            return f"{name} is lost"
    return "more spans than there were" if len(lines) > len(rows) else None


def decode_each(texts, *options):
    """Lines and complaints of each text; many in one run, with a mark between them."""
    at_once = max(1, min(400, BYTES_AT_ONCE // (1 + max(map(len, texts)))))
    mark = {"trace_id": MARK, "span_id": "", "name": "", "start_unix_nano": 1, "end_unix_nano": 1}
    results = []
    with tempfile.TemporaryDirectory() as directory:
        between = Path(directory, "mark")
        between.write_text(json.dumps(mark) + "\n")
        for first in range(0, len(texts), at_once):
            some = texts[first : first + at_once]
            paths = []
            for i, text in enumerate(some):
                paths += [Path(directory, f"{i:03}"), between]
                paths[-2].write_bytes(text)
            result = decode("-j", "1", "--from", "json", *options, *paths)
            told = [0] * len(some)
            for line in result.err.splitlines():
                place = line.split(": ")[1]
                if place.startswith(directory) and ":" in place:
                    told[int(place[len(directory) + 1 :].split(":")[0])] += 1
            found = [[]]
            for line in result.out.splitlines():
                if MARK.encode() in line:
                    found.append([])
                else:
                    found[-1].append(line)
            results += zip(found[:-1], told, strict=True)
    return results


def check_cases(title, cases, loose=False, often=0.01):
    """Each case: a text, what must come of it, how often damage may be told, and its name.  Of some
    cases that is more often."""
    wrong = []
    told_often = []
    for (text, rows, told_limit, name), (lines, told) in zip(
        cases, decode_each([case[0] for case in cases]), strict=True
    ):
        why = judge(rows, lines, loose)
        if why is not None:
            wrong.append(f"{name}: {why}")
        if told > told_limit:
            told_often.append(f"{name}: told {told} times")
        elif told == 0 and sum(row.needed for row in rows.values()) > len(lines):
            wrong.append(f"{name}: nobody was told")
    ok(not wrong, f"{title}: {len(cases)} texts", *wrong[:20])
    ok(len(told_often) <= len(cases) * often, f"{title}: each damage is told once",
       f"{len(told_often)} of {len(cases)}", *told_often[:20])  # fmt: skip


def check_bytes(layout, behind, choose):
    """One byte is another, or is missing: anywhere in the first request."""
    text = Text(layout, behind)
    cases = []
    for at in choose.sample(range(text.ends[0]), setting("DAMAGE_CASES", 300)):
        for byte in choose.sample(BYTES, 2):
            if byte == b"{" and text.bytes[at : at + 1] in b" \n,":
                continue  # another object begins, as good as any
            damaged = text.bytes[:at] + byte + text.bytes[at + 1 :]
            name = f"byte {at} {text.bytes[at : at + 1]!r} is {byte!r}"
            cases.append((damaged, text.expected(at, at + 1), 1, name))
    check_cases(f"{layout}, resource {'behind' if behind else 'before'}, bytes", cases)


SPAN_TEXT = '024579","attributes":[{"key":"text","value":{"stringValue":"a \\"quoted\\\\\\"'
# What went wrong once: the byte between these two texts becomes another.
FOUND = [
    ("compact", False, '"message":"broken"}}', b"\n", '{"traceId"'),
    ("compact", False, '"spans"', b"\n", '[{"traceId"'),
    ("compact", False, '"resourceSpans":[', b"]", '"resource"'),
    ("compact", False, '"}}]}', b"}", '"scopeSpans"'),
    ("compact", True, '"}', b"}", '"spans"'),
    ("compact", False, SPAN_TEXT, b"\n", '{\\"name\\"'),
    ("pretty", False, '"resourceSpans":[\n    {', b"}", 6 * " " + '"resource"'),
    ("flush", False, " }", b"X", "\n{\n" + 14 * " " + '"traceId"'),
    ("flush", False, '"spans":', b"X", "\n{\n" + 14 * " " + '"traceId"'),
    ("flush", True, "{\n", b"{", 'scope":'),
]


def check_found():
    for layout, behind, before, byte, after in FOUND:
        text = Text(layout, behind)
        found = re.search(re.escape(before) + "." + re.escape(after), text.writer.text, re.S)
        if not ok(found is not None, f"{layout}: the text has {before!r}, {after!r}"):
            continue
        at = found.start() + len(before)
        damaged = text.bytes[:at] + byte + text.bytes[at + 1 :]
        case = (damaged, text.expected(at, at + 1), 1, f"{byte!r} behind {before!r}")
        check_cases(f"{layout}, {case[-1]}", [case], often=1)


def check_cuts(layout, behind, choose):
    """The text ends anywhere in the first request, or lacks the rest of its line."""
    text = Text(layout, behind)
    cases = []
    for at in choose.sample(range(text.ends[0]), setting("DAMAGE_CASES", 300)):
        rows = text.expected(at, len(text.bytes))
        cases.append((text.bytes[:at], rows, 1, f"the first {at} bytes"))
        line_end = text.bytes.find(b"\n{\"resourceSpans", at)
        if line_end > at:
            rows = text.expected(at, line_end)
            cut = text.bytes[:at] + text.bytes[line_end:]
            cases.append((cut, rows, 1, f"bytes {at} to {line_end} are missing"))
    check_cases(f"{layout}, resource {'behind' if behind else 'before'}, cuts", cases, loose=behind)


def main():
    choose = random.Random(setting("SEED", 1))
    for layout in ["compact", "pretty", "flush"]:
        for behind in [False, True]:
            check_bytes(layout, behind, choose)
            check_cuts(layout, behind, choose)
    check_found()
    done()


if __name__ == "__main__":
    main()
