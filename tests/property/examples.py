#!/usr/bin/env python3
"""The examples of README.md and the manual pages do what they show, run beside the test captures.

An example is a line that begins with "$ "; what follows up to the next one is its output.  Without
any, it is enough that the command succeeds.
"""

import os
import re
import shutil
import tempfile

import harness

DATA = os.environ["DATA"]


def blocks_of_page(path):
    """The literal displays of a manual page, mdoc escapes undone."""
    text = open(path, encoding="utf-8").read()
    for block in re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", text, re.M | re.S):
        yield block.replace("\\e", "\\").replace("\\&", "")


def blocks_of_readme(path):
    """The fenced blocks."""
    text = open(path, encoding="utf-8").read()
    yield from re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)


def examples(block):
    command, shown = None, []
    for line in block.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command, shown
            command, shown = line[2:], []
        elif command is not None:
            shown.append(line)
    if command is not None:
        yield command, shown


def pages():
    for name in sorted(os.listdir("man")):
        yield f"man/{name}", blocks_of_page(f"man/{name}")
    yield "README.md", blocks_of_readme("README.md")


for page, blocks in pages():
    for command, shown in (example for block in blocks for example in examples(block)):
        with tempfile.TemporaryDirectory() as place:
            shutil.copytree(DATA, place, dirs_exist_ok=True)
            result = harness.run("sh", "-c", command, cwd=place)
        output = result.out.decode(errors="replace")
        harness.ok(result.status == 0 and (not shown or output.splitlines() == shown),
                   f"{page}: {command}", result, output)
harness.done()
