#!/usr/bin/env python3
"""The job of continuous integration that README.md and trace-stats(1) show, run as it stands: its
tests send what they did to a Collector, which writes it to a file; then the file is judged."""

import os
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as xml

import harness
from harness import ok
from junit_schema import follows_schemas
from otlp_server import Server, response

DATA = os.environ["DATA"]


def job_of_readme():
    with open("README.md", encoding="utf-8") as file:
        return re.search(r"^```sh\n(\./integration-tests.*?)^```", file.read(), re.M | re.S).group(1)


def job_of_page():
    with open("man/trace-stats.1", encoding="utf-8") as file:
        block = re.search(r"^\\&(\./integration-tests.*?)^\.Ed", file.read(), re.M | re.S).group(1)
    return block.replace("\\(aq", "'").replace("\\(dq", '"').replace("\\e", "\\")


class Run:
    """The job in a directory of its own, and what it left there."""

    def __init__(self, place, capture, *choice):
        def answer(request, _):
            if request is not None:
                with open(f"{place}/run.jsonl", "ab") as file:  # as the Collector's file exporter does
                    file.write(request.plain + b"\n")
            return response(200)

        for name in ("run.jsonl", "report.xml", "summary.md"):
            if os.path.exists(f"{place}/{name}"):
                os.remove(f"{place}/{name}")
        with Server(answer) as server, open(f"{place}/integration-tests", "w", encoding="utf-8") as script:
            sending = ["otlp-send", "--endpoint", server.url, "--protocol", "http/json", *choice, f"{DATA}/{capture}"]
            script.write("#!/bin/sh\nexec " + " ".join(f"'{word}'" for word in sending) + "\n")
            os.fchmod(script.fileno(), 0o755)
            script.close()
            told = subprocess.run(["sh", "-e", "-c", JOB], cwd=place, capture_output=True, check=False, text=True,
                                  env={**os.environ, "GITHUB_STEP_SUMMARY": "summary.md"})
        self.status, self.out, self.err = told.returncode, told.stdout, told.stderr
        self.report, self.summary = self.left(f"{place}/report.xml"), self.left(f"{place}/summary.md").decode()

    def left(self, path):
        if not os.path.exists(path):
            return b""
        with open(path, "rb") as file:
            return file.read()

    def failed(self):
        return [case.get("classname") for case in xml.fromstring(self.report).iter("testcase")
                if case.find("failure") is not None]

    def __str__(self):
        return f"exit {self.status}\n{self.out}\n{self.err}"


JOB = job_of_readme()
ok(JOB == job_of_page(), "README.md and the manual show the same job", JOB, job_of_page())
with tempfile.TemporaryDirectory() as directory:
    run = Run(directory, "n_plus_one_checkout.pb", "--where", "!(span.db.system.name != nil)")
    ok(run.status == 0 and run.failed() == [] and "::error" not in run.out, "a run that is as it should be", run)
    ok("trace-stats: main.stats: cannot open: No such file or directory: nothing is compared" in run.err,
       "tells that there is no baseline yet", run)
    follows_schemas("holds", run.report)
    shutil.move(f"{directory}/run.stats", f"{directory}/main.stats")

    run = Run(directory, "n_plus_one_checkout.pb")
    annotations = run.out.splitlines()
    ok(run.status == 1 and run.failed() == ["no-loops"], "one that asks its database over and over", run)
    ok(len(annotations) == 2 and annotations[0].startswith("::warning title=checkout%3A ") and re.fullmatch(
        r"::error title=no-loops%3A [^:]*count/trace <= 12::83, bound 12, 201 spans, traces( [0-9a-f]{32}){3}", annotations[1]),
       "has an annotation", *annotations)
    ok(run.summary.lstrip().startswith("| gate | verdict | found |") and run.summary.count("**failed**") == 1,
       "and a page that says so", run.summary)
    follows_schemas("fails", run.report)

    run = Run(directory, "auth_expired.pb")
    ok(run.status == 1 and run.failed() == ["no-errors"] and "::error title=no-errors" in run.out,
       "one that has errors", run)
    follows_schemas("errors", run.report)

    JOB = JOB.replace("trace-stats --assert", "truncate -s -9 run.jsonl\ntrace-stats --assert")
    run = Run(directory, "n_plus_one_checkout.pb", "--where", "!(span.db.system.name != nil)")
    ok(run.status == 3 and run.failed() == [], "one of which a part was lost is not good", run)
harness.done()
