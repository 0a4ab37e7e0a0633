#!/usr/bin/env python3
"""OTLP/JSON documents that are too large to be held are read like small ones: in little memory, from
files, pipes and compressed, wherever resource, scope and schemaUrl stand; and damage in them costs
what it hits.

The rule, for one byte that becomes another or goes, and for all that stands behind one: no span
comes twice, none comes with the resource or scope of another, and every span comes of which neither
its own bytes are hit nor the keys and brackets that open the lists it is in; with its scope and
resource, unless these are hit or, for the resource, stand behind the damage.
"""

import gzip
import json
import random
import re
import tempfile
from pathlib import Path

from damage import BYTES, Text, check_cases, span_of
from harness import decode, done, ok, setting

MEMORY_MIB = 32  # of address space, the program and its libraries included; documents are larger
RESOURCE = '{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]}'
UNKNOWN = '[{"a":"]}"},' + "1," * 9999 + "2]"
AROUND = {"resource": RESOURCE, "schemaUrl": '"https://r"', "unknown": UNKNOWN}
SCOPE = {"scope": '{"name":"http"}', "schemaUrl": '"https://s"', "unknown": "-1.5"}
USUAL = ["resource", "scopeSpans", "schemaUrl"]
BEHIND = ["unknown", "scopeSpans", "schemaUrl", "resource"]
SCOPE_USUAL = ["scope", "spans", "schemaUrl"]
SCOPE_BEHIND = ["spans", "unknown", "schemaUrl", "scope"]


def spans(count, size):
    """Texts of spans, each of about `size` bytes."""
    filler = [{"key": "filler", "value": {"stringValue": "x" * size}}]
    return [
        json.dumps({**span_of(f"span-{i}", i + 1), "attributes": filler}) for i in range(count)
    ]


def members(of, order, **more):
    return "{" + ",".join(f'"{key}":{({**of, **more})[key]}' for key in order) + "}"


def element(texts, order, scope_order, scopes=1):
    """A ResourceSpans of so many scopes, with its keys in that order."""
    each = len(texts) // scopes
    lists = [",".join(texts[i * each : (i + 1) * each]) for i in range(scopes)]
    parts = [members(SCOPE, scope_order, spans=f"[{part}]") for part in lists]
    return members(AROUND, order, scopeSpans=f"[{','.join(parts)}]")


def request(*elements):
    return '{"resourceSpans":[%s]}\n' % ",".join(elements)


def shapes(texts):
    usual = request(element(texts, USUAL, SCOPE_BEHIND))
    yield "a scope", request(element(texts, USUAL, SCOPE_USUAL))
    yield "all behind", request(element(texts, BEHIND, SCOPE_BEHIND))
    yield "scopes", request(element(texts, USUAL, SCOPE_USUAL, len(texts) // 4))
    yield "large scopes", request(element(texts, BEHIND, SCOPE_BEHIND, 2))
    yield "pretty", json.dumps(json.loads(usual), indent=2)
    yield "blanks", usual.replace('"spans":[', '"spans":[' + " \n" * 2000000, 1)
    yield "bare", element(texts, USUAL, SCOPE_USUAL)


def check_shapes(directory):
    texts = spans(10000, 4000)
    small = "".join(request(element([text], USUAL, SCOPE_USUAL)) for text in texts)
    expected = decode("-j", "1", data=small.encode())
    ok(expected.status == 0 and expected.out.count(b"\n") == len(texts), "in small documents")
    for name, text in shapes(texts):
        data = text.encode()
        path = Path(directory, "large")
        path.write_bytes(data)
        runs = {
            "a file": decode("-j", "1", path, memory=MEMORY_MIB),
            "a pipe": decode("-j", "1", data=data, memory=MEMORY_MIB),
            "gzip": decode("-j", "1", data=gzip.compress(data, 1), memory=MEMORY_MIB),
            "two workers": decode("-j", "2", path),
        }
        for way, result in runs.items():
            same = result.out == expected.out and result.status == 0
            ok(same, f"{name}, {way}: the same spans", str(result))


class LargeText(Text):
    """A scope that is large, between small ones; and another request."""

    def sizes_of_spans(self):
        large = [200000] * 12
        return [[[[0, 0]], [[0, 0], large, [0, 0]], [[0, 0]]], [[[0]]]]


def check_damage(layout, behind, choose):
    text = LargeText(layout, behind)
    places = [at for at in range(text.ends[0]) if text.bytes[at : at + 1] != b"x"]
    cases = []
    for at in choose.sample(places, setting("DAMAGE_CASES", 60)):
        byte = choose.choice(BYTES)
        if byte in b"{[" and text.bytes[at : at + 1] in b" \n,{}]":
            continue  # another object begins, or a document, as good as any
        damaged = text.bytes[:at] + byte + text.bytes[at + 1 :]
        name = f"byte {at} {text.bytes[at : at + 1]!r} is {byte!r}"
        cases.append((damaged, text.expected(at, at + 1), 1, name))
    for at in choose.sample(places, setting("DAMAGE_CASES", 20)):
        rows = text.expected(at, len(text.bytes))
        cases.append((text.bytes[:at], rows, 1, f"the first {at} bytes"))
    title = f"{layout}, resource {'behind' if behind else 'before'}"
    check_cases(title, cases, loose=behind, often=0.06)


# What went wrong once, in the large scope or beside it: the byte between these two texts becomes
# another: the first time, in the middle, and the last time.
FOUND = [
    (False, '"message":"broken"}}]}]},', b" ", '"resource":{'),  # before the last element
    (False, '"message":"broken"}},', b"\n", '"traceId"'),
    (False, '"message":"broken"}}', b"\n", '{"traceId"'),
    (False, '"message":"broken"}}', b"]", '{"traceId"'),
    (False, '"message":"broken"}}]}', b"}", '{"scope"'),
    (False, '"spans":[', b"X", '"traceId"'),
    (False, '"}', b"}", '"spans":[{"traceId"'),
    (False, '"name"', b'"', '"service-0-1/scope-1/span-3='),
    (False, '"resource', b"X", ':{"attributes"'),
    (True, '"}}]}', b"X", ',{"scopeSpans"'),
    (True, '"}}]}}', b'"', '{"scopeSpans"'),
    (True, "}]}]", b"X", '"resource"'),
]


def check_found():
    texts = {behind: LargeText("compact", behind) for behind in (False, True)}
    cases = {False: [], True: []}
    for behind, before, byte, after in FOUND:
        text = texts[behind]
        places = re.finditer(re.escape(before) + "." + re.escape(after), text.writer.text)
        ats = [place.start() + len(before) for place in places]
        ok(ats, f"the text has {before!r}, {after!r}")
        for at in {*ats[:1], *ats[len(ats) // 2 :][:1], *ats[-1:]}:
            damaged = text.bytes[:at] + byte + text.bytes[at + 1 :]
            name = f"byte {at} {text.bytes[at : at + 1]!r} is {byte!r}"
            cases[behind].append((damaged, text.expected(at, at + 1), 1, name))
    for behind, some in cases.items():
        check_cases(f"found once, resource {'behind' if behind else 'before'}", some, loose=behind,
                    often=0.2)  # fmt: skip


def check_pairs_lost():
    """Both brackets that open a list of a span and its first element are lost: so the lists around
    them seem to end early, and are entered again."""
    for behind in (False, True):
        text = LargeText("compact", behind)
        first = text.writer.text[: text.ends[0]]
        cases = []
        for place in re.finditer(r'"(events|links)":(\[\{)', first):
            begin, end = place.span(2)
            name = f"bytes {begin} to {end} are missing"
            damaged = text.bytes[:begin] + text.bytes[end:]
            cases.append((damaged, text.expected(begin, end), 1, name))
        check_cases(f"two brackets, resource {'behind' if behind else 'before'}", cases,
                    loose=behind, often=0.2)  # fmt: skip


def check_unpaired():
    """Brackets that are no pairs are damage, wherever they stand and however large the document."""
    for wrong in ['"x":[}]', '"x":{"y":[}}', '"x":[1,]', '"x":{"y"}{}']:
        bad = json.dumps(span_of("bad", 1))[:-1] + f",{wrong}}}"
        good = spans(12, 250000)
        small = decode(data=request(element([bad], USUAL, SCOPE_USUAL)).encode())
        large = decode(data=request(element([good[0], bad, *good[1:]], USUAL, SCOPE_USUAL)).encode())
        ok(small.status == large.status == 3 and small.out == b"" and
           large.out.count(b"\n") == len(good), f"{wrong}: alike", small, large)  # fmt: skip


def main():
    choose = random.Random(setting("SEED", 1))
    for layout in ["compact", "pretty"]:
        for behind in [False, True]:
            check_damage(layout, behind, choose)
    check_found()
    check_pairs_lost()
    check_unpaired()
    with tempfile.TemporaryDirectory() as directory:
        check_shapes(directory)
    done()


if __name__ == "__main__":
    main()
