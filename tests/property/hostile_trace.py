"""A trace whose names mean something to terminals, pages, languages and programs."""

import json

NAMES = [
    "\x1b[31mred\x1b]0;title\x07", "two\nlines\r\n", "\u202ereversed\u2066", "c1 \x9b\x85",
    "</script><script>alert(1)</script>", "<!--<script>", "]]><x y='1'>", "\"double\" 'single'",
    "`````", "```\n# heading", "a;b;c 7", "::error::all", "%0A::error::x", "&amp;&lt;", "back\\slash\\",
    "nul \x00 byte", "\ufffe\uffff", "{{7*7}} ${x}", "end", "|pipe|", "javascript:alert(1)", "",
    "\ufeff", "e" + "\u0301" * 40, "\u65e5\u672c\u8a9e" * 30, "\U0001f680\u200d\U0001f680",
    "--> %% note", "x" * 3000,
]


def lines():
    """A trace with every name as service, name, attribute, event, message and failing query, and
    short ones that it links to."""
    lines = []
    for i, text in enumerate(NAMES):
        linked = {"trace_id": f"{i + 1:032x}", "span_id": f"{i + 1:016x}"}
        lines.append({**linked, "name": text, "service": text, "start": "2026-01-01T00:00:00Z", "duration_ms": 1})
        lines.append({
            "trace_id": "0123456789abcdef0123456789abcdef", "span_id": f"{i + 1:016x}",
            "parent_span_id": f"{i // 2:016x}" if i else "", "name": text, "service": text,
            "status": "error" if i % 3 == 0 else "unset", "status_message": text, "kind": "client",
            "start": f"2026-01-01T00:00:00.{i:03}Z", "duration_ms": 100 - i,
            "attributes": {text or "empty": text, "db.query.text": text, "db.system.name": text},
            "events": [{"time_unix_nano": str(1767225600000000000 + i), "name": "exception",
                        "attributes": {"exception.message": text, "exception.type": text}}],
            "links": [linked],
        })
    return "".join(json.dumps(line) + "\n" for line in lines).encode()
