#!/usr/bin/env python3
"""Large traces, wide and deep, are drawn in every form in linear time and without recursion."""

import resource

import harness

SPANS = 20000
FORMS = ("text", "json", "html", "perfetto", "markdown", "svg", "folded", "speedscope", "mermaid", "dot",
         "junit", "github")


def lines(count, parent_of):
    start = 1767225600000000000
    for i in range(1, count + 1):
        parent = parent_of(i)
        yield (f'{{"trace_id":"0123456789abcdef0123456789abcdef","span_id":"{i:016x}",'
               f'"parent_span_id":"{parent and format(parent, "016x") or ""}","name":"operation {i % 40}",'
               f'"service":"service {i % 9}","kind":"client","start_unix_nano":"{start + i * 1000}",'
               f'"end_unix_nano":"{start + 10**9 - i * (1000 if parent == i - 1 else 7919 % i)}"}}\n')


def seconds(*arguments, data):
    """CPU of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = harness.run("trace-tree", "-j", "1", *arguments, data=data, memory=80)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    harness.ok(result.status == 0, " ".join(arguments), result)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


SHAPES = {"deep": lambda i: i - 1, "wide": lambda i: min(i - 1, 1), "bushy": lambda i: i // 7,
          "orphans": lambda i: 10**6 + i, "cycle": lambda i: i - 1 or SPANS}
for shape, parent_of in SHAPES.items():
    small = "".join(lines(SPANS // 10, parent_of)).encode()
    large = "".join(lines(SPANS, parent_of)).encode()
    for form in FORMS:
        base = max(seconds("--to", form, "--slowest", "1", data=small), 0.05)
        spent = seconds("--to", form, "--slowest", "1", data=large)
        # ten times the spans; room for the logarithm, for caches and for a busy machine
        harness.ok(spent < 40 * base, f"{shape}, {form}: ten times the spans take no 40 times as long",
                   base, spent)
    seconds("--all", "--rows", "0", "--no-fold", "--width", "200", data=large)
harness.done()
