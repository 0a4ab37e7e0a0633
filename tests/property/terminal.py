#!/usr/bin/env python3
"""What is shown on a terminal fits it; elsewhere a finding is one line, for grep."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

from harness import done, ok, read_all, run

DATA = os.environ["DATA"]
COMMAND = ["trace-tree", "--all", *(os.path.join(DATA, name) for name in
                                    ("n_plus_one_checkout.pb", "auth_expired.pb"))]


def on_terminal(columns):
    """The lines, without their colours."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(COMMAND, stdin=subprocess.DEVNULL, stdout=theirs,
                               stderr=subprocess.DEVNULL)
    os.close(theirs)
    text = read_all(ours)
    os.close(ours)
    process.wait()
    return re.sub(r"\x1b\[[\d;]*m", "", text.decode()).replace("\r", "").split("\n")


plain = run(*COMMAND).out.decode().split("\n")
ok(any(len(line) > 150 and line.startswith("warning") for line in plain),
   "off a terminal a finding is one line")
for width in (60, 80, 132):
    lines = on_terminal(width)
    longest = max(lines, key=len)
    ok(len(longest) <= width, f"all fits {width} columns", longest)
    found = [line for line in lines if line.startswith("warning  n-plus-one")]
    ok(len(found) == 3, "and every finding is there", found)
wide = on_terminal(400)
ok([line for line in wide if re.match("(warning|error|info) ", line)] ==
   [line for line in plain if re.match("(warning|error|info) ", line)],
   "where there is room for it, the same line")
done()
