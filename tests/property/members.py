#!/usr/bin/env python3
"""Damage in a compressed file costs what it hits: of members and frames one after another, and of
messages that are compressed alone, all spans of the others come out, once and as they were.
"""

import gzip
import random
import re
import struct
import zlib
from pathlib import Path

from harness import decode, done, encode, ok, setting

PARTS = 4
DATA = Path(__file__).parent.parent / "data"


def stored(form, lines):
    return gzip.compress(encode("--to", form, data=lines).out, 0)


def with_name(form, lines):
    """As `gzip FILE` writes it."""
    packed = gzip.compress(encode("--to", form, data=lines).out, 6)
    return packed[:3] + b"\x08" + packed[4:10] + b"capture.json\0" + packed[10:]


def deflated(form, lines):
    return encode("--to", form, "-z", "gzip", data=lines).out


def frame(form, lines):
    return encode("--to", form, "-z", "zstd", data=lines).out


def raw_frame(form, lines):
    """Blocks that are not compressed, and no checksum: no bit of them can be wrong."""
    data = encode("--to", form, data=lines).out
    pieces = [data[i : i + 3000] for i in range(0, len(data), 3000)]
    blocks = b""
    for i, piece in enumerate(pieces):
        blocks += struct.pack("<I", len(piece) << 3 | (i + 1 == len(pieces)))[:3] + piece
    return b"\x28\xb5\x2f\xfd\x00\x58" + blocks


def skippable_and_frame(form, lines):
    """As pzstd writes it."""
    packed = frame(form, lines)
    return b"\x50\x2a\x4d\x18\x04\0\0\0" + struct.pack("<I", len(packed)) + packed


class Capture:
    """Parts one after another, and the lines of each."""

    def __init__(self, pack, form, lines):
        size = len(lines) // PARTS
        self.name = f"{form} by {pack.__name__}"
        self.form = "json" if form in ("jsonl", "otlp-lines") else form
        # where a part is cut off, what is stored as it is goes on with the next
        self.checked = pack is not raw_frame
        self.once = pack is not stored
        given = [b"".join(lines[i * size : (i + 1) * size]) for i in range(PARTS)]
        self.parts = [pack(form, part) for part in given]
        self.lines = [decode(data=part).out.splitlines() for part in self.parts]

    def judge(self, data, hit):
        """Why the data, with damage in the parts `hit`, does not give what it should, or None."""
        result = decode("-j", "1", data=data)
        if result.status == 2 and 0 in hit:  # nothing tells what the first bytes were
            result = decode("-j", "1", "--from", self.form, data=data)
        found = result.out.splitlines()
        for k, lines in enumerate(self.lines):
            for line in lines if k not in hit else []:
                count = found.count(line)
                if count == 0 or (count > 1 and self.once):
                    return f"a span of part {k} comes {count} times\n{result.err}"
        if result.status not in (0, 3):
            return f"exit {result.status}: {result.err}"
        if self.checked and sorted(found) != sorted(sum(self.lines, [])) and result.status != 3:
            return "nobody was told"
        return None


def check(title, cases):
    """Each case: its name, and why it is wrong."""
    wrong = [f"{name}: {why}" for name, why in cases if why is not None]
    ok(not wrong, f"{title}: {len(cases)} captures", *wrong[:5])


def check_bytes(capture, choose):
    cases = []
    for _ in range(setting("MEMBER_CASES", 40)):
        k = choose.randrange(PARTS)
        part = bytearray(capture.parts[k])
        at = choose.choice([choose.randrange(len(part)), choose.randrange(min(40, len(part))),
                            len(part) - 1 - choose.randrange(min(12, len(part)))])  # fmt: skip
        part[at] ^= choose.randrange(1, 256)
        data = b"".join([*capture.parts[:k], part, *capture.parts[k + 1 :]])
        cases.append((f"byte {at} of part {k}", capture.judge(data, {k})))
    check(f"{capture.name}, a byte is another", cases)


def check_cuts(capture, choose):
    """A writer died, and the next one appended to its file; or somebody wrote between."""
    cases = []
    for i in range(setting("MEMBER_CASES", 40)):
        k = choose.randrange(PARTS)
        at = choose.randrange(4, len(capture.parts[k]))
        between = choose.randbytes(choose.randrange(3000)) if i % 2 else b""
        data = b"".join([*capture.parts[:k], capture.parts[k][:at], between,
                         *capture.parts[k + 1 :]])  # fmt: skip
        name = f"part {k} ends at byte {at}, with {len(between)} others"
        cases.append((name, capture.judge(data, {k})))
    check(f"{capture.name}, cut", cases)


def check_several(capture, choose):
    """Every second part is damaged."""
    cases = []
    for _ in range(10):
        parts = [bytearray(part) for part in capture.parts]
        for k in (0, 2):
            for _ in range(3):
                parts[k][choose.randrange(len(parts[k]))] ^= 0xFF
        cases.append(("parts 0 and 2", capture.judge(b"".join(parts), {0, 2})))
    check(f"{capture.name}, several", cases)


def messages(form, lines):
    """Messages that are compressed alone, and the prefix of each."""
    size = len(lines) // PARTS
    given = [b"".join(lines[i * size : (i + 1) * size]) for i in range(PARTS)]
    packed = [encode("--to", "pb", "-z", "zstd" if form == "be32" else "gzip", data=part).out
              for part in given]  # fmt: skip
    heads = {
        "be32": lambda body: struct.pack(">I", len(body)),
        "grpc": lambda body: struct.pack(">BI", 1, len(body)),
        "http": lambda body: b"POST http://collector:4318/v1/traces HTTP/1.1\r\n"
                             b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body),
    }  # fmt: skip
    return [(heads[form](body), body) for body in packed]


def check_messages(form, lines, choose):
    pairs = messages(form, lines)
    capture = Capture(deflated, "pb", lines)
    cases = []
    for _ in range(setting("MEMBER_CASES", 40)):
        k = choose.randrange(PARTS)
        body = bytearray(pairs[k][1])
        at = choose.randrange(len(body))
        body[at] ^= choose.randrange(1, 256)
        data = b"".join(head + (body if i == k else whole) for i, (head, whole) in enumerate(pairs))
        cases.append((f"byte {at} of message {k}", capture.judge(data, {k})))
    check(f"{form}, each message compressed alone", cases)


def check_noise(choose):
    """Magics by the thousand that lead nowhere cost no more than is read."""
    line = b'{"trace_id":"01","span_id":"02","name":"a","start_unix_nano":1,"end_unix_nano":1}\n'
    good = gzip.compress(line)
    for title, magic in (
        ("bare", b"\x1f\x8b\x08\0"),
        ("with endless names", b"\x1f\x8b\x08\x18" + b"n" * 6),
        ("with headers", b"\x1f\x8b\x08\0\0\0\0\0\0\xff"),
        ("before blocks that hold the next", b"\x1f\x8b\x08\0\0\0\0\0\0\xff\0\xff\xff\0\0"),
    ):
        noise = choose.randbytes(100) + magic * (1 << 17) + choose.randbytes(100)
        result = decode("-j", "1", "--summary", data=good + noise + good)
        found = len(result.out.splitlines())
        seconds = float(re.search(r'"seconds":([0-9.]+)', result.err).group(1))
        ok(result.status == 3 and found >= 1 and seconds < 60, f"magics {title}: an end comes",
           f"{found} lines in {seconds} s", result)  # fmt: skip


def check_place():
    """The message says where the damage is, and what was passed over."""
    line = b'{"trace_id":"01","span_id":"02","name":"a","start_unix_nano":1,"end_unix_nano":1}\n'
    member = gzip.compress(line, mtime=0)
    wrong = member[:-8] + struct.pack("<I", zlib.crc32(line) ^ 1) + member[-4:]
    at, end = 2 * len(member), len(member) - 4
    result = decode("-j", "1", data=member + wrong + b"junk" + member)
    ok(result.err.startswith(f"otlp-decode: stdin:@{2 * len(line)}: gzip data is damaged: incorrect "
                             f"data check, at byte {at - 4} of the compressed data in the member "
                             f"from byte {len(member)} on; passed over 8 bytes\n"),
       f"where, and how much of {end}", result)  # fmt: skip


def main():
    choose = random.Random(setting("SEED", 1))
    lines = decode(*sorted(DATA.glob("*.jsonl"))).out.splitlines(keepends=True)
    lines = list(dict.fromkeys(lines))
    for pack, form in (
        (deflated, "otlp-lines"), (deflated, "jsonl"), (deflated, "be32"), (deflated, "pb"),
        (with_name, "otlp-lines"), (stored, "jsonl"), (stored, "be32"), (deflated, "varint"),
        (deflated, "grpc"), (frame, "jsonl"), (frame, "be32"), (frame, "pb"),
        (raw_frame, "jsonl"), (raw_frame, "be32"), (skippable_and_frame, "otlp-lines"),
    ):  # fmt: skip
        capture = Capture(pack, form, lines)
        check_bytes(capture, choose)
        if capture.checked:
            check_cuts(capture, choose)
        check_several(capture, choose)
    for form in ("be32", "grpc", "http"):
        check_messages(form, lines, choose)
    check_noise(choose)
    check_place()
    done()


if __name__ == "__main__":
    main()
