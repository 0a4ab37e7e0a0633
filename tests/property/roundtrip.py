#!/usr/bin/env python3
"""Made spans through otlp-decode, a JSON tool and otlp-encode: not one may change.

ROUNDTRIP_SPANS is how many (3000), ROUNDTRIP_SEED from which seed (1).
"""

import random
import re
import struct
import tempfile

import otlp
import otlp_json
from adversary import Adversary
from harness import decode, done, encode, installed, ok, run, setting, skip

SPANS = setting("ROUNDTRIP_SPANS", 3000)
SEED = setting("ROUNDTRIP_SEED", 1)

UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
PYTHON = (
    "import json, sys\n"
    "for line in sys.stdin.buffer:\n"
    "    text = json.dumps(json.loads(line), ensure_ascii=%s)\n"
    "    sys.stdout.buffer.write(text.encode() + b'\\n')\n"
)
NODE = (
    "require('fs').readFileSync(0, 'utf8').trimEnd().split('\\n')"
    ".forEach(line => console.log(JSON.stringify(JSON.parse(line))))"
)
FILTERS = [
    ["cat"],
    ["jq", "-c", "."],
    ["jq", "-cS", "."],
    ["jq", "."],
    ["python3", "-c", PYTHON % "True"],
    ["python3", "-c", PYTHON % "False"],
    ["node", "-e", NODE],
]


def regrouped(records):
    """The order in which a request holds them: resources and scopes by first appearance."""
    groups = {}
    for record in records:
        resource, scope, span = otlp.freeze_record(record)
        groups.setdefault(resource, {}).setdefault(scope, []).append((resource, scope, span))
    return [item for scopes in groups.values() for spans in scopes.values() for item in spans]


def difference(expected, got):
    """The parts in which the first two records differ that do."""
    for one, other in zip(expected, got):
        if one == other:
            continue
        parts = [
            f"expected {sorted(set(a) - set(b))}\ngot      {sorted(set(b) - set(a))}"
            for a, b in zip(one, other)
            if a != b
        ]
        return "\n".join(parts)
    return f"expected {len(expected)} spans, got {len(got)}"


def same(records, request, name):
    """The request holds exactly the records, regrouped."""
    try:
        got = [otlp.freeze_record(record) for record in otlp.decode_request(request)]
    except (ValueError, IndexError, KeyError) as error:
        return ok(False, name, repr(error))
    expected = regrouped(records)
    return ok(expected == got, name, difference(expected, got))


def split_be32(data):
    at, messages = 0, []
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        messages.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return messages


def check_filters(records, lines):
    for command in FILTERS:
        name = " ".join(command[:2]).replace(" -e", "").replace(" -c", " -c", 1)
        if not installed(command[0]):
            skip(f"through {name}", f"{command[0]} is not installed")
            continue
        filtered = run(*command, data=lines)
        back = encode("--to", "pb", "--batch-spans", SPANS, "--batch-bytes", "1G", data=filtered.out)
        ok(filtered.status == 0 and back.status == 0, f"through {name}: exit 0", filtered, back)
        same(records, back.out, f"through {name}: {len(records)} spans, none changed")


def check_second_pass(lines):
    again = decode(data=lines)
    ok(again.out == lines and again.status == 0, "lines decoded again are the same bytes", again)


def check_json_forms(records, lines):
    expected = sorted(
        map(repr, (otlp.freeze_record(otlp_json.replaced(list(record))) for record in records))
    )
    for form in ["json", "jsonl", "otlp-lines"]:
        out = encode("--to", form, data=lines)
        try:
            got = [
                repr(otlp.freeze_record(record))
                for line in out.out.splitlines()
                for record in otlp_json.decode_document(line)
            ]
        except (ValueError, KeyError, UnicodeError) as error:
            ok(False, f"{form} is strict OTLP/JSON", repr(error))
            continue
        ok(out.status == 0, f"{form}: exit 0", out)
        ok(sorted(got) == expected, f"{form} read as strict OTLP/JSON: none changed",
           difference(expected, sorted(got)))


def check_batches(records, lines):
    out = encode("--to", "be32", "--batch-spans", 7, data=lines)
    messages = [otlp.decode_request(message) for message in split_be32(out.out)]
    expected = [regrouped(records[at : at + 7]) for at in range(0, len(records), 7)]
    got = [[otlp.freeze_record(record) for record in message] for message in messages]
    ok(got == expected, "--batch-spans 7: each seven spans regrouped", out)
    limit = 20000
    out = encode("--to", "be32", "--batch-bytes", limit, "--batch-spans", SPANS, data=lines)
    messages = split_be32(out.out)
    spans = [otlp.decode_request(message) for message in messages]
    ok(sum(map(len, spans)) == len(records), "--batch-bytes loses none", out)
    large = [len(m) for m, s in zip(messages, spans) if len(m) > limit and len(s) > 1]
    ok(not large, f"no request of several spans is over --batch-bytes {limit}", large)
    small = [one for one, next_one in zip(messages, messages[1:]) if len(one) < limit / 4]
    ok(len(small) <= len(messages) / 4, "and they are filled", list(map(len, messages)))


def check_parcels():
    """Large requests of a few resources, so that one and the other stand where one stood before."""
    chooser = random.Random(SEED)
    records = []
    service = b"one"
    for _ in range(300):
        if chooser.random() < 0.3:
            service = b"two" if service == b"one" else b"one"
        filler = b"x" * chooser.choice([100, 20000, 50000])
        records.append(
            ({"attributes": [(b"service.name", ("string", service)), (b"n", ("int", 1))]},
             {"name": service}, {"name": service, "attributes": [(b"filler", ("string", filler))]})
        )  # fmt: skip
    lines = decode(data=otlp.encode_request(records)).out
    for form in ["otlp-lines", "be32"]:
        with tempfile.NamedTemporaryFile() as file:
            encode("--to", form, "--batch-spans", "1", "-o", file.name, data=lines)
            for jobs in ["1", "3"]:
                result = decode("-j", jobs, file.name)
                ok(result.out == lines, f"large {form} with -j {jobs}: each span's own resource")
    wrong = sum(
        line.count(b'"%s"' % (b"one" if record[2]["name"] == b"two" else b"two"))
        for line, record in zip(lines.splitlines(), records)
    )
    ok(wrong == 0 and lines.count(b"\n") == len(records), "and the first reading was right", wrong)


def check_mixed():
    """JSON and protobuf in the frames of one file: no span takes another's resource."""
    records = [({"attributes": [(b"service.name", ("string", b"%d" % i))]}, {"name": b"%d" % i},
                {"name": b"%d" % i}) for i in range(12)]  # fmt: skip
    frames = b""
    for i, record in enumerate(records):
        frame = otlp.encode_request([record])
        if i % 2 == 1:
            frame = encode("--to", "jsonl", data=frame).out
        frames += struct.pack(">I", len(frame)) + frame
    same(records, encode("--to", "pb", "-j", "1", data=frames).out, "JSON and protobuf in one file")


def main():
    records = Adversary(SEED).records(SPANS)
    decoded = decode("--from", "pb", data=otlp.encode_request(records))
    lines = decoded.out
    ok(decoded.status == 0 and decoded.err == "", "decoded without complaint", decoded)
    ok(lines.count(b"\n") == len(records), "a line for each span")
    unsafe = [line for line in lines.decode().split("\n") if UNSAFE.search(line)]
    ok(not unsafe, "lines are UTF-8 and safe to print", unsafe[:1])
    check_filters(records, lines)
    check_second_pass(lines)
    check_json_forms(records, lines)
    check_batches(records, lines)
    check_parcels()
    check_mixed()
    done()


main()
