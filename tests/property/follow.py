#!/usr/bin/env python3
"""Files that are followed: what a rotation or a truncation cuts is told, and what is whole in it
is delivered as at the end of a file."""

import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from harness import decode, done, ok

DATA = Path(__file__).resolve().parent.parent / "data"
# a capture, and where its first copy is cut
CUTS = [
    ("collector.be32", 5000),
    ("collector.jsonl", 9000),
    ("auth_expired.pb", 9000),
    ("pretty.json", 9000),
]


def wait_for(output, count):
    """Until `output` holds so many lines, or for ten seconds."""
    for _ in range(1000):
        if output.read_bytes().count(b"\n") >= count:
            break
        time.sleep(0.01)


def rotate(log, capture):
    log.rename(log.with_suffix(".1"))
    log.write_bytes(capture)


def truncate(log, capture):
    os.truncate(log, 0)
    time.sleep(0.3)  # else it is only a file that has changed
    with log.open("ab") as file:
        file.write(capture)


def follow(directory, first, then):
    """Follows a file that is `first`, and after `then` another, until an interrupt."""
    log, out = Path(directory, "log"), Path(directory, "out")
    log.write_bytes(first)
    with out.open("wb") as file:
        command = subprocess.Popen(["otlp-decode", "-F", "--summary", log], stdout=file,
                                   stderr=subprocess.PIPE)
    time.sleep(0.3)
    expected = then(log)
    wait_for(out, expected)
    time.sleep(0.1)
    command.send_signal(signal.SIGINT)
    _, messages = command.communicate(timeout=60)
    return command.returncode, out.read_bytes(), messages.decode()


def check_cut(name, length):
    capture = (DATA / name).read_bytes()
    cut, whole = decode(data=capture[:length]), decode(data=capture)
    expected = cut.out + whole.out
    told = cut.err.split(":", 2)[2]
    for change in [rotate, truncate]:

        def then(log, change=change):
            change(log, capture)
            return expected.count(b"\n")

        with tempfile.TemporaryDirectory() as directory:
            status, out, messages = follow(directory, capture[:length], then)
        what = f"{name}, cut by a {change.__name__}"
        ok(out == expected, f"{what}: what is whole is delivered", len(out), len(expected))
        ok(told in messages, f"{what}: told", messages, told)
        summary = json.loads(messages.splitlines()[-1])
        ok(summary["skipped"]["truncated"] == 1 and status == 130, f"{what}: counted", summary)


def check_interrupt():
    for name, length in CUTS:
        capture = (DATA / name).read_bytes()[:length]
        expected = decode(data=capture)
        with tempfile.TemporaryDirectory() as directory:
            _, out, messages = follow(directory, capture, lambda log: 0)
        ok(out == expected.out and expected.err.split(":", 2)[2] in messages,
           f"{name}, cut by an interrupt: as at the end", messages)


def check_unknown_rest():
    """A file that was cut before its format was known tells nothing of the next one's."""
    capture = (DATA / "collector.jsonl").read_bytes()
    whole = decode(data=capture)
    for rest in [b"\x00\x00\x00", b"no such format", b" \n"]:

        def then(log):
            rotate(log, capture)
            return whole.out.count(b"\n")

        with tempfile.TemporaryDirectory() as directory:
            _, out, messages = follow(directory, rest, then)
        lost = sum(json.loads(messages.splitlines()[-1])["skipped"].values())
        ok(out == whole.out and lost == (rest.strip() != b""), f"{rest!r}, then a capture",
           messages)


def main():
    for name, length in CUTS:
        check_cut(name, length)
    check_interrupt()
    check_unknown_rest()
    done()


main()
