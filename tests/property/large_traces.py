#!/usr/bin/env python3
"""Large traces, wide and deep, are drawn in every form in bounded memory and without recursion."""

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


def draw(*arguments, data):
    result = harness.run("trace-tree", "-j", "1", *arguments, data=data, memory=80)
    harness.ok(result.status == 0 and result.out, " ".join(arguments), result)


SHAPES = {"deep": lambda i: i - 1, "wide": lambda i: min(i - 1, 1), "bushy": lambda i: i // 7,
          "orphans": lambda i: 10**6 + i, "cycle": lambda i: i - 1 or SPANS}
for shape, parent_of in SHAPES.items():
    large = "".join(lines(SPANS, parent_of)).encode()
    for form in FORMS:
        draw("--to", form, "--slowest", "1", data=large)
    draw("--all", "--rows", "0", "--no-fold", "--width", "200", data=large)
harness.done()
