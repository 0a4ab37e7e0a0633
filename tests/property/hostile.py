#!/usr/bin/env python3
"""Input that is made to hurt: it must end soon, in bounded memory, with what is whole delivered."""

import gzip
import itertools
import json
import struct
import tempfile
from pathlib import Path

import otlp
from harness import decode, done, encode, ok, run

DATA = Path(__file__).resolve().parent.parent / "data"
SMALL = ["looks-like-json-object.pb", "pretty.json", "collector-zstd.be32", "odd_values.pb",
         "grpc-one-gzip.bin", "tcp-http1-json-2.bin"]  # fmt: skip
MIB = 1 << 20

# Address space that is enough for a run with one worker that holds no large message.
LITTLE = 64


def span_request(*attributes, name=b"span"):
    span = {"trace_id": b"t" * 16, "span_id": b"s" * 8, "name": name, "attributes": attributes}
    return otlp.encode_request([({"absent": True}, {"absent": True}, span)])


def json_request(span):
    return '{"resourceSpans":[{"scopeSpans":[{"spans":[%s]}]}]}\n' % span


def depth_of(line):
    """Brackets within each other, outside strings (which have none here)."""
    depth = deepest = 0
    for byte in line:
        depth += (byte in b"[{") - (byte in b"]}")
        deepest = max(deepest, depth)
    return deepest


def nested_wire(kind, levels):
    value = b""
    for _ in range(levels):
        if kind == "array":
            value = otlp.field_bytes(5, otlp.field_bytes(1, value))
        else:
            value = otlp.field_bytes(6, otlp.field_bytes(1, otlp.field_bytes(2, value)))
    span = otlp.field_bytes(5, b"span") + otlp.field_bytes(
        9, otlp.field_bytes(1, b"k") + otlp.field_bytes(2, value)
    )
    return otlp.field_bytes(1, otlp.field_bytes(2, otlp.field_bytes(2, span)))


def nested_json(kind, levels):
    before, after = {
        "array": ('{"arrayValue":{"values":[', "]}}"),
        "map": ('{"kvlistValue":{"values":[{"key":"k","value":', "}]}}"),
    }[kind]
    value = before * levels + "{}" + after * levels
    return json_request('{"name":"span","attributes":[{"key":"k","value":%s}]}' % value).encode()


def nested_line(kind, levels):
    before, after = {"array": ("[", "]"), "map": ('{"k":', "}")}[kind]
    value = before * levels + "1" + after * levels
    return (
        '{"trace_id":"","span_id":"","name":"span","start_unix_nano":"1","end_unix_nano":"2",'
        '"attributes":{"k":%s}}\n' % value
    ).encode()


def check_nesting():
    for kind in ["array", "map"]:
        for make in [nested_wire, nested_json, nested_line]:
            data = make(kind, 8000)
            what = f"8,000 of {kind} by {make.__name__}"
            result = decode("-j", "1", data=data, memory=LITTLE)
            ok(result.status == 3 and result.out.count(b"\n") == 1 and b'"span"' in result.out,
               f"{what}: the span is kept, 3", result)
            ok(64 <= depth_of(result.out) <= 68, f"{what}: cut off at 64", depth_of(result.out))
            ok(result.err.count("\n") == 1, f"{what}: told once", result)
            whole = decode(data=make(kind, 64))
            ok(whole.status == 0 and depth_of(whole.out) >= 65, f"64 of {kind} by {make.__name__}",
               whole)
            back = encode("--to", "pb", data=whole.out)
            ok(back.status == 0 and decode(data=back.out).out == whole.out, "and back", back)


def check_lengths():
    """Lengths that say more than there is."""
    good = span_request(name=b"good")
    frame = struct.pack(">I", len(good)) + good
    huge = 2**32 - 1
    rows = [
        ("be32", frame, struct.pack(">I", huge)),
        ("grpc", b"\0" + frame, b"\0" + struct.pack(">I", huge)),
        ("varint", otlp.varint(len(good)) + good, otlp.varint(huge)),
        ("varint", otlp.varint(len(good)) + good, otlp.varint(2**63)),
        ("varint", otlp.varint(len(good)) + good, b"\xff" * 12),
        ("pb", good, b"\x0a" + otlp.varint(huge)),
        ("pb", good, b"\x0a" + otlp.varint(2**64 - 1)),
    ]
    for form, before, length in rows:
        for rest in [b"", good, b"\0" * 1000]:
            what = f"{form}: a length of {length.hex()} and {len(rest)} bytes"
            result = decode("-j", "1", "--from", form, data=before + length + rest, memory=LITTLE)
            ok(result.status == 3 and b'"good"' in result.out and result.err != "", what, result)
        result = decode("-j", "1", "--from", form, data=length + b"\0" * 10, memory=LITTLE)
        ok(result.status == 3 and result.err != "", f"{form}: {length.hex()} alone", result)
    inner = otlp.field_bytes(1, otlp.field_bytes(2, b"\x12" + otlp.varint(huge) + b"x"))
    result = decode("-j", "1", "--from", "pb", data=good + inner + good, memory=LITTLE)
    ok(result.status == 3 and result.out.count(b'"good"') == 2, "a length too large inside", result)


def zstd_frame(literal, repeats):
    """A frame of one raw block and `repeats` blocks of 128 KiB of spaces, four bytes each."""
    def header(last, kind, size):
        return (last | kind << 1 | size << 3).to_bytes(3, "little")

    frame = b"\x28\xb5\x2f\xfd\x00\x38" + header(0, 0, len(literal)) + literal
    return frame + (header(0, 1, 128 << 10) + b" ") * (repeats - 1) + header(1, 1, 128 << 10) + b" "


def check_bombs():
    good = json_request('{"name":"good"}').encode()
    rows = [
        ("zstd", zstd_frame(good, 16384)),
        ("zstd within a document", zstd_frame(good + b'{"resourceSpans":[', 16384)),
        ("gzip", gzip.compress(good + b" " * (160 * MIB), 9)),
    ]
    for name, data in rows:
        result = decode("-j", "1", data=data, memory=2 * LITTLE)
        ok(result.status == 3 and b'"good"' in result.out and result.err != "",
           f"{name} bomb of {len(data)} bytes: what came before is shown, 3", result)
    bomb = zstd_frame(b"\x0a\x00", 16384)
    frame = struct.pack(">I", len(bomb)) + bomb
    small = span_request(name=b"good")
    data = frame + struct.pack(">I", len(small)) + small
    result = decode("-j", "1", "--from", "be32", data=data, memory=4 * LITTLE)
    ok(result.status == 3 and b'"good"' in result.out, "be32 and zstd: a bomb is passed over", result)
    compressed = gzip.compress(b"\x0a\x00" + b"\0" * (80 * MIB), 9)
    data = b"\1" + struct.pack(">I", len(compressed)) + compressed + b"\0" + frame_of(small)
    result = decode("-j", "1", "--from", "grpc", data=data, memory=4 * LITTLE)
    ok(result.status == 3 and b'"good"' in result.out, "grpc and gzip: a bomb is passed over", result)


def frame_of(message):
    return struct.pack(">I", len(message)) + message


def check_many_small():
    spans = b"\x12\x00" * (2 * MIB)
    data = otlp.field_bytes(1, otlp.field_bytes(2, spans))
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "empty.pb")
        path.write_bytes(data)
        result = run("sh", "-c", f"otlp-decode -j 1 '{path}' | wc -l", memory=LITTLE)
        ok(int(result.out) == 2 * MIB and result.err == "", "4 MiB of empty spans: 2 Mi lines",
           result)
        result = decode("--check", "-j", "1", path, memory=LITTLE)
        ok(result.status == 0 and result.err == "", "4 MiB of empty spans: 0", result)
        program = f"otlp-encode -j 1 --to pb '{path}' | otlp-decode -j 1 | wc -l"
        result = run("sh", "-c", program, memory=LITTLE)
        ok(int(result.out) == 2 * MIB, "and encoded", result)


def check_many_attributes():
    count = 1000000
    for what, key in [("different", "key%d"), ("equal", "key")]:
        attributes = [
            ((key % i if "%" in key else key).encode(), ("bool", True)) for i in range(count)
        ]
        result = decode("-j", "1", data=span_request(*attributes), timeout=120)
        ok(result.status == 0 and result.out.count(b"\n") == 1, f"1e6 {what} keys in protobuf",
           result)
        back = encode("--to", "pb", data=result.out, timeout=120)
        ok(back.status == 0 and decode(data=back.out, timeout=120).out == result.out,
           f"1e6 {what} keys: there and back", back)
    resource = {"attributes": [(b"key%d" % (i % 7), ("int", i)) for i in range(200000)]}
    request = otlp.encode_request([(resource, {"absent": True}, {"name": b"x"})])
    back = encode("--to", "pb", data=request, timeout=120)
    ok(back.status == 0 and len(back.out) >= len(request) - 100, "a resource of 200,000", back)


def check_long_line():
    """A document far larger than memory allows: it is read ResourceSpans by ResourceSpans."""
    group = ('{"scopeSpans":[{"spans":[%s]}]}' % ",".join(['{"name":"span"}'] * 1000)).encode()
    groups = 4000
    with tempfile.TemporaryDirectory() as directory:
        for name, around in [("long.json", (b'{"resourceSpans":[', b"]}")), ("array.json", (b"[", b"]"))]:
            one = group if name == "long.json" else b'{"resourceSpans":[' + group + b"]}"
            path = Path(directory, name)
            with open(path, "wb") as file:
                file.write(around[0])
                file.writelines(b"," * (i > 0) + one for i in range(groups))
                file.write(around[1])
            result = decode("--check", "--summary", "-j", "1", path, memory=LITTLE)
            spans = json.loads(result.err.splitlines()[-1])["spans"] if result.status == 0 else None
            ok(spans == groups * 1000, f"{name}: {path.stat().st_size >> 20} MiB on one line", result)
            path.unlink()


def check_damage():
    """Damage again and again on one line: in linear time, and what is whole comes out."""
    start = '{"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{},"spans":['
    good = '{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"a"}'
    rows = [
        ("wrong numbers", good + ',{"traceId":"","flags":01},', 1),
        ("missing quotes", good + ',{"traceId":","flags":1},', 1),
        ("missing brackets", good + ',{"traceId":"","attributes":[},', 1),
        ("unclosed lists", good + ',{"traceId":"","attributes":[{"key":"a"},', 1),
        ("unclosed objects", good + ',{"traceId":"","status":{"code":1},', 1),
        ("odd quotes", good + ',{"traceId":"","name":"a","x":"},', 1),
        ("odd quotes in keys", good + ',{"traceId":"","name:"a"},', 1),
        ("brackets of the other kind", good + ',{"attributes":[{"key":"a"}},"name":"b"},', 1),
        ("unclosed scopes", good + '],{"scope":{},"spans":[', 1),
        ("unclosed resources", good + '],{"resource":{},"scopeSpans":[{"scope":{},"spans":[', 1),
        ("heads of resources", '{"resource":{},"scopeSpans":[', 0),
        ("heads of scopes", '{"scope":{},"spans":[', 0),
        ("broken scopes", ']},{"scope":{"name":1X},"spans":[' + good, 1),
        ("objects in objects", '{"name":{', 0),
        ("lists in objects", '{"name":"a","attributes":[', 0),
        ("unknown objects", '{"unknown":[', 0),
        ("braces", "{", 0),
        ("resources", '{"resource":{', 0),
        ("requests", '{"resourceSpans":[', 0),
    ]
    for what, unit, spans in rows:
        for size in [MIB, 12 * MIB]:  # held as a document, and split
            count = size // len(unit)
            data = (start + unit * count + "]}]}]}\n").encode()
            result = decode("-j", "1", "--from", "json", data=data, timeout=60)
            lines = result.out.count(b"\n")
            ok(result.status == 3 and lines == spans * count, f"{what}, {size >> 20} MiB of them",
               lines, result)


def check_prefixes():
    """Every prefix of small captures ends by itself, with lines that the whole has too."""
    for name in SMALL:
        data = (DATA / name).read_bytes()
        whole = set(decode(DATA / name).out.splitlines())
        step = max(1, len(data) // 1500)
        with tempfile.TemporaryDirectory() as directory:
            paths = []
            for size in range(0, len(data), step):
                paths.append(Path(directory, f"{size:06}"))
                paths[-1].write_bytes(data[:size])
            statuses, lines, messages = set(), set(), ""
            for some in batched(paths, 250):
                result = decode(*some, timeout=300)
                statuses.add(result.status)
                lines |= set(result.out.splitlines())
                messages += result.err
        ok(statuses <= {0, 2, 3}, f"{len(paths)} prefixes of {name}", statuses, messages)
        ok(lines <= whole, f"prefixes of {name}: nothing that the whole has not",
           *sorted(lines - whole)[:2])


def batched(items, size):
    items = iter(items)
    return iter(lambda: list(itertools.islice(items, size)), [])


def main():
    check_nesting()
    check_lengths()
    check_bombs()
    check_many_small()
    check_many_attributes()
    check_long_line()
    check_damage()
    check_prefixes()
    done()


main()
