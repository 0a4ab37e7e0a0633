#!/usr/bin/env python3
"""What trace-tree and trace-graph write for other programs is loaded by them, and their pages are driven
in a browser, where they are: chromium, and the node packages speedscope, mermaid and playwright-core in
$SPANLINE_NODE_MODULES."""

import os
import shutil
import subprocess
import tempfile

import harness
import hostile_trace

DATA = os.environ["DATA"]
HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = os.environ.get("SPANLINE_NODE_MODULES", "")
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
FORMS = {"speedscope": "speedscope.json", "perfetto": "perfetto.json", "folded": "folded",
         "mermaid": "mmd", "html": "html"}


def write_all(directory):
    hostile = os.path.join(directory, "hostile.ndjson")
    with open(hostile, "wb") as file:
        file.write(hostile_trace.lines())
    inputs = {"hostile": hostile}
    for name in ("auth_expired", "n_plus_one_checkout", "odd_values"):
        inputs[name] = os.path.join(DATA, name + ".pb")
    for name, path in inputs.items():
        outputs = []
        for form, end in FORMS.items():
            outputs += ["--to", f"{form}:{directory}/{name}.{end}"]
        result = harness.run("trace-tree", *outputs, path)
        harness.ok(result.status == 0, f"{name}: all forms are written", result)
        write_graphs(directory, name, path)


def write_graphs(directory, name, path):
    """Of services and of operations, and what has changed since the one."""
    old = os.path.join(directory, "old.json")
    for by in ("service", "service,name"):
        outputs = []
        for form, end in {"mermaid": "mmd", "html": "html"}.items():
            outputs += ["--to", f"{form}:{directory}/graph-{name}-{len(by)}.{end}"]
        if by == "service":
            outputs += ["--to", f"json:{old}"]
        result = harness.run("trace-graph", "--by", by, *outputs, path)
        harness.ok(result.status == 0, f"{name}: its graph by {by} is written", result)
    other = os.path.join(DATA, "n_plus_one_checkout.pb")
    result = harness.run("trace-graph", "--diff", old, "--to", f"mermaid:{directory}/graph-{name}-new.mmd",
                         "--to", f"html:{directory}/graph-{name}-new.html", other)  # fmt: skip
    harness.ok(result.status == 0, f"{name}: what has changed is written", result)


if not harness.installed("node") or BROWSER is None:
    harness.skip("programs that read traces", "no browser here")
elif not all(os.path.isdir(os.path.join(MODULES, name)) for name in ("speedscope", "mermaid", "playwright-core")):
    harness.skip("programs that read traces", "no node packages here")
else:
    with tempfile.TemporaryDirectory() as directory:
        write_all(directory)
        driven = subprocess.run(["node", os.path.join(HERE, "programs.mjs"), BROWSER, directory],
                                capture_output=True, text=True, check=False)
        for line in driven.stdout.splitlines():
            harness.ok(line.startswith("ok "), line.partition("ok ")[2][:80], line)
        harness.ok(driven.returncode == 0, "the browser was driven to the end", driven.stderr)
harness.done()
