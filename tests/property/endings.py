#!/usr/bin/env python3
"""How runs end: readers that go away, full disks, closed outputs, missing files."""

import os
import pty
import select
import subprocess
import tempfile
import time
from pathlib import Path

from harness import decode, done, encode, ok, run, sanitized

DATA = Path(__file__).resolve().parent.parent / "data"
CAPTURE = str(DATA / "collector.jsonl")
COMMANDS = [["otlp-decode"], ["otlp-encode"], ["otlp-encode", "--to", "json", "-z", "gzip"]]


def shell(program):
    return run("sh", "-c", program)


def pipefail(program):
    return run("bash", "-o", "pipefail", "-c", program)


def check_reader_gone():
    for command in COMMANDS:
        words = " ".join(command)
        many = " ".join([CAPTURE] * 200)
        result = pipefail(f"{words} {many} | head -c 100 >/dev/null")
        ok(result.status == 0 and result.err == "", f"{words} | head ends with 0, quietly", result)
        result = pipefail(f"{words} {many} {DATA}/truncated-zstd.bin | true")
        ok(result.status in (0, 3), f"{words} | true: 0, or 3 where damage was seen", result)


def check_full_disk():
    for command in COMMANDS:
        words = " ".join(command)
        result = shell(f"exec {words} {CAPTURE} >/dev/full")
        ok(result.status == 2 and result.err.count("\n") == 1, f"{words} >/dev/full", result)
        result = shell(f"exec {words} {CAPTURE} >&-")
        ok(result.status == 2 and result.err.count("\n") == 1, f"{words} >&-", result)
    result = shell(f"exec otlp-decode --check {CAPTURE} >&-")
    ok(result.status == 0, "--check needs no stdout", result)
    result = shell("exec otlp-decode - <&-")
    ok(result.status == 2 and result.err != "", "stdin is closed", result)


def check_closed_descriptors():
    """A file that is opened takes the place of a descriptor that the caller closed."""
    damaged = decode(CAPTURE).out + b'{"trace_id":"no id"}\n'
    for command in ["otlp-decode", "span-filter true", "trace-stats"]:
        with tempfile.TemporaryDirectory() as directory:
            source, target = Path(directory, "in"), Path(directory, "out")
            source.write_bytes(damaged)
            expected = shell(f"{command} {source}")
            for closed in ["2>&-", "<&- 2>&-", "<&- >&- 2>&-"]:
                result = shell(f"exec {command} -o {target} {source} {closed}")
                ok(result.status == 3 and target.read_bytes() == expected.out,
                   f"{command} -o FILE {closed}: no message gets into it", result)
            result = shell(f"exec {command} /dev/null >&-")
            ok(result.status == 2 and result.err.count("\n") == 1, f"{command} of nothing >&-", result)


def check_size_limit():
    with tempfile.TemporaryDirectory() as directory:
        target = Path(directory, "out")
        result = shell(f"ulimit -f 8; exec otlp-decode -o {target} {CAPTURE}")
        ok(result.status == 2 and "File too large" in result.err, "a file too large for its user",
           result)
        ok(os.listdir(directory) == [], "nothing is left of it", os.listdir(directory))


def check_no_threads():
    """A limit on processes, as containers have, or on memory, as here."""
    for command in ["otlp-decode", "otlp-encode", "trace-stats"]:
        result = run("bash", "-c", f"ulimit -s 4000000 && ulimit -v 2000000 && "
                     f"exec {command} -j 4 {CAPTURE}")
        ok(result.status == 0 and result.out == run(command, "-j", "1", CAPTURE).out,
           f"{command} -j 4 where no thread can be started", result)


def check_unreadable():
    whole = decode(CAPTURE)
    for command in COMMANDS:
        expected = run(*command, CAPTURE).out
        for bad in ["/nonexistent/file", "/"]:
            result = run(*command, bad, CAPTURE)
            ok(result.status == 2 and result.out == expected and bad in result.err,
               f"{' '.join(command)} {bad} FILE: 2, and FILE is read", result)
    result = decode("-", CAPTURE, data=whole.out)
    ok(result.status == 0 and result.out == whole.out * 2, "- is stdin, among files", result)
    ok(decode("--from", "xml").status == 2, "an unknown format is a mistake of usage")
    ok(encode("--to", "xml").status == 2, "an unknown form is a mistake of usage")
    ok(encode("--batch-spans", "0").status == 2, "no batches of no spans")


def check_output_file():
    with tempfile.TemporaryDirectory() as directory:
        target = Path(directory, "out")
        target.write_bytes(b"old")
        os.chmod(target, 0o640)
        result = decode("-o", target, CAPTURE)
        ok(result.status == 0 and result.out == b"" and target.read_bytes() == decode(CAPTURE).out,
           "-o FILE holds what stdout would", result)
        target.write_bytes(b"old")
        result = decode("--strict", "-o", target, data=b'{"resourceSpans":[}\n')
        ok(result.status == 3 and target.read_bytes() == b"old", "-o after damage with --strict",
           result, target.read_bytes())
        ok(os.listdir(directory) == ["out"], "nothing is left beside it", os.listdir(directory))
        result = decode("-o", Path(directory, "no", "such"), CAPTURE)
        ok(result.status == 2 and result.err != "", "-o where no directory is", result)


def check_empty():
    for command in COMMANDS[:2]:
        result = run(*command)
        ok(result.status == 0 and result.out == b"" and result.err == "",
           f"{' '.join(command)} of nothing", result)
    ok(encode("--to", "json").out == b'{"resourceSpans":[]}\n', "--to json of nothing")
    for blank in [b"\n", b" \r\n\t\n", b"\xef\xbb\xbf", b"{}", b"{}\n{}\n", b"[]"]:
        result = decode(data=blank)
        ok(result.status == 0 and result.out == b"", f"{blank!r}: no spans", result)


def check_typed():
    """One Ctrl-D ends what is typed: a terminal that is asked once more waits for more."""
    for command in ["otlp-decode", "trace-stats"]:
        for typed in [b"", b"{}\n"]:
            ours, theirs = pty.openpty()
            os.write(ours, typed + b"\x04")
            with subprocess.Popen([command, "-"], stdin=theirs, stdout=subprocess.DEVNULL) as process:
                try:
                    status = process.wait(30)
                except subprocess.TimeoutExpired:
                    status = "still waiting"
                    process.kill()
            os.close(ours)
            os.close(theirs)
            ok(status == 0, f"{command} - of {typed!r} from a terminal", status)


def check_live():
    """What has come so far is shown before more is waited for."""
    for command in [["otlp-decode"], ["otlp-encode", "--batch-spans", "1"]]:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            process.stdin.write(decode(CAPTURE).out.splitlines(keepends=True)[0])
            process.stdin.flush()
            shown, _, _ = select.select([process.stdout], [], [], 10)
            line = process.stdout.readline() if shown else b"nothing within 10 s"
            process.stdin.close()
            rest = process.stdout.read()
        ok(line.endswith(b"}\n") and rest == b"" and process.returncode == 0,
           f"{command[0]} shows a span at once", line, rest)


def check_timing():
    """The output does not depend on when the input came."""
    lines = decode(CAPTURE).out
    for command in COMMANDS:
        with tempfile.TemporaryFile() as slow:
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=slow) as process:
                for at in range(0, len(lines), len(lines) // 9):
                    process.stdin.write(lines[at : at + len(lines) // 9])
                    process.stdin.flush()
                    time.sleep(0.03)
                process.stdin.close()
            slow.seek(0)
            ok(slow.read() == run(*command, data=lines).out, f"{' '.join(command)}: input in pieces")


def main():
    check_reader_gone()
    check_full_disk()
    check_closed_descriptors()
    check_size_limit()
    if not sanitized():  # which needs address space without end
        check_no_threads()
    check_unreadable()
    check_output_file()
    check_empty()
    check_typed()
    check_live()
    check_timing()
    done()


main()
