"""What the property tests share: running the commands in PATH, and TAP."""

import os
import resource
import shutil
import subprocess
import sys
import time

_count = 0
_failed = 0


def ok(claim, name, *details):
    """One check; the details are shown where it fails."""
    global _count, _failed
    _count += 1
    _failed += not claim
    print(f"{'' if claim else 'not '}ok {_count} - {name}")
    if not claim:
        for detail in details:
            for line in str(detail)[:4000].splitlines():
                print(f"# {line}")
    sys.stdout.flush()
    return claim


def skip(name, reason):
    global _count
    _count += 1
    print(f"ok {_count} - {name} # SKIP {reason}")


def done():
    print(f"1..{_count}")
    sys.exit(_failed != 0)


def installed(program):
    return shutil.which(program) is not None


class Result:
    """Exit status, output, messages (as text)."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def __str__(self):
        return f"exit {self.status}, {len(self.out)} bytes\n{self.err}"


def sanitized():
    """The commands were built with AddressSanitizer, which needs address space without end."""
    path = shutil.which("otlp-decode")
    if path is None:
        return False
    with open(path, "rb") as program:
        return b"__asan_init" in program.read()


def run(*command, data=b"", memory=None, **options):
    """Runs one command on `data`, in at most `memory` MiB of address space; further options are
    those of subprocess."""

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))

    if memory is not None and not sanitized():
        options["preexec_fn"] = limit
    done_process = subprocess.run(
        [str(word) for word in command], input=data, capture_output=True, check=False, **options
    )
    return Result(
        done_process.returncode, done_process.stdout, done_process.stderr.decode(errors="replace")
    )


def decode(*arguments, data=b"", **options):
    return run("otlp-decode", *arguments, data=data, **options)


def encode(*arguments, data=b"", **options):
    return run("otlp-encode", *arguments, data=data, **options)


def wait_until(claim):
    """For half a minute at most; was it so?"""
    for _ in range(3000):
        if claim():
            return True
        time.sleep(0.01)
    return False


def read_all(terminal):
    """What is written to the other side of a pseudo terminal until it is closed."""
    text = b""
    try:
        while piece := os.read(terminal, 4096):
            text += piece
    except OSError:  # what Linux says then
        pass
    return text


def setting(name, default):
    """A whole number from the environment."""
    return int(os.environ.get(name) or default)
