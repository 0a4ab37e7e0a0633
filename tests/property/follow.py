#!/usr/bin/env python3
"""Files that are followed: what a rotation or a truncation cuts is told, and what is whole in it
is delivered as at the end of a file."""

import json
import os
import signal
import subprocess
import tempfile
from pathlib import Path

from harness import decode, done, ok, wait_until

DATA = Path(__file__).resolve().parent.parent / "data"
# a capture, and where its first copy is cut
CUTS = [
    ("collector.be32", 5000),
    ("collector.jsonl", 9000),
    ("auth_expired.pb", 9000),
    ("pretty.json", 9000),
]


def position(process, path):
    """How far a process has read of a file, or None."""
    for number in os.listdir(f"/proc/{process.pid}/fd"):
        try:
            if os.path.samefile(f"/proc/{process.pid}/fd/{number}", path):
                info = Path(f"/proc/{process.pid}/fdinfo/{number}").read_text()
                return int(info.split()[1])
        except OSError:  # it was closed meanwhile
            pass
    return None


def rotate(process, log, capture):
    log.rename(log.with_suffix(".1"))
    log.write_bytes(capture)


def truncate(process, log, capture):
    os.truncate(log, 0)
    wait_until(lambda: position(process, log) == 0)
    with log.open("ab") as file:
        file.write(capture)


def follow(first, change=None, capture=b"", count=0):
    """Follows a file that is `first` and changes to `capture`, until `count` lines came out."""
    with tempfile.TemporaryDirectory() as directory:
        log, out = Path(directory, "log"), Path(directory, "out")
        log.write_bytes(first)
        with out.open("wb") as file:
            process = subprocess.Popen(["otlp-decode", "-F", "--summary", log], stdout=file,
                                       stderr=subprocess.PIPE)
        wait_until(lambda: position(process, log) == len(first))
        if change is not None:
            change(process, log, capture)
        came = wait_until(lambda: out.read_bytes().count(b"\n") >= count)
        process.send_signal(signal.SIGINT)
        _, messages = process.communicate(timeout=60)
        late = "" if came else "not before the interrupt\n"
        return process.returncode, out.read_bytes(), late + messages.decode()


def check_cut(name, length):
    capture = (DATA / name).read_bytes()
    cut, whole = decode(data=capture[:length]), decode(data=capture)
    expected = cut.out + whole.out
    told = cut.err.split(":", 2)[2]
    for change in [rotate, truncate]:
        status, out, messages = follow(capture[:length], change, capture, expected.count(b"\n"))
        what = f"{name}, cut by a {change.__name__}"
        ok(out == expected, f"{what}: what is whole is delivered", len(out), len(expected))
        ok(told in messages, f"{what}: told", messages, told)
        summary = json.loads(messages.splitlines()[-1])
        ok(summary["skipped"]["truncated"] == 1 and status == 130, f"{what}: counted", summary)


def check_interrupt():
    for name, length in CUTS:
        capture = (DATA / name).read_bytes()[:length]
        expected = decode(data=capture)
        _, out, messages = follow(capture)
        ok(out == expected.out and expected.err.split(":", 2)[2] in messages,
           f"{name}, cut by an interrupt: as at the end", messages)


def check_unknown_rest():
    """A file that was cut before its format was known tells nothing of the next one's."""
    capture = (DATA / "collector.jsonl").read_bytes()
    whole = decode(data=capture)
    for rest in [b"\x00\x00\x00", b"no such format", b" \n"]:
        _, out, messages = follow(rest, rotate, capture, whole.out.count(b"\n"))
        lost = sum(json.loads(messages.splitlines()[-1])["skipped"].values())
        ok(out == whole.out and lost == (rest.strip() != b""), f"{rest!r}, then a capture",
           messages)


def check_large():
    """A ResourceSpans alone, too large to be held, that nothing follows."""
    filler = [{"key": "filler", "value": {"stringValue": "x" * 100000}}]
    spans = [{"traceId": "01" * 16, "spanId": f"{i:016x}", "name": "a", "attributes": filler}
             for i in range(1, 41)]  # fmt: skip
    text = json.dumps({"scopeSpans": [{"spans": spans}], "resource": {}}) + "\n"
    status, out, err = follow(text.encode(), count=len(spans))
    came = out.count(b"\n") == len(spans) and "not before" not in err
    ok(status == 130 and came, "a large document alone comes as it is there", err)


def main():
    for name, length in CUTS:
        check_cut(name, length)
    check_interrupt()
    check_unknown_rest()
    check_large()
    done()


main()
