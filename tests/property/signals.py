#!/usr/bin/env python3
"""Signals that end a command: it ends by them, and no half of a file stays."""

import os
import signal
import subprocess
import tempfile
from pathlib import Path

from harness import decode, done, ok, wait_until

DATA = Path(__file__).resolve().parent.parent / "data"
LINES = DATA.joinpath("auth_expired.jsonl").read_bytes()
ENDINGS = [signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM]
COMMANDS = [
    ["otlp-decode", "-o", "out"],
    ["otlp-encode", "--to", "be32", "-z", "gzip", "-o", "out"],
    ["trace-stats", "--to", "table:out", "--to", "json:second", "--to", "csv:third"],
]


def prepare(ignored):
    # a core is of no use here, and who started the tests may ignore some
    for number in ENDINGS + [signal.SIGINT]:
        signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)


def started(command, place, ignored=(), **options):
    Path(place, "out").write_text("old")
    process = subprocess.Popen(command, cwd=place, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                               preexec_fn=lambda: prepare(ignored), **options)
    process.stdin.write(LINES)
    process.stdin.flush()
    wait_until(lambda: any(".tmp." in name for name in os.listdir(place)))
    return process


def check_ending(command, number):
    with tempfile.TemporaryDirectory() as place:
        process = started(command, place)
        new = len(os.listdir(place)) - 1
        process.send_signal(number)
        _, messages = process.communicate(timeout=60)
        files = os.listdir(place)
        ok(new > 0 and process.returncode == -number and files == ["out"] and messages == b"" and
           Path(place, "out").read_text() == "old",
           f"{command[0]} ends by {number.name}, and leaves what was there", process.returncode,
           messages, new, files)


def check_ignored():
    with tempfile.TemporaryDirectory() as place:
        process = started(COMMANDS[0], place, [signal.SIGHUP])
        process.send_signal(signal.SIGHUP)
        process.communicate(timeout=60)
        ok(process.returncode == 0 and Path(place, "out").read_bytes() == decode(data=LINES).out,
           "SIGHUP does nothing under nohup", process.returncode)


def check_second_interrupt():
    """The first ends the input; what is written then is not read by anybody."""
    theirs, ours = os.pipe()
    os.set_blocking(ours, False)
    try:
        while os.write(ours, bytes(4096)):
            pass
    except BlockingIOError:
        os.set_blocking(ours, True)
    with tempfile.TemporaryDirectory() as place:
        process = started(["trace-stats", "--to", "json:out", "--to", "table"], place, stdout=ours)

        def interrupted():
            process.send_signal(signal.SIGINT)
            return process.poll() is not None

        wait_until(interrupted)
        process.communicate(timeout=60)
        ok(process.returncode == -signal.SIGINT and os.listdir(place) == ["out"],
           "a second SIGINT ends the program, and leaves nothing", process.returncode,
           os.listdir(place))
    os.close(ours)
    os.close(theirs)


for one in COMMANDS:
    for ending in ENDINGS:
        check_ending(one, ending)
check_ignored()
check_second_interrupt()
done()
