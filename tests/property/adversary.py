"""Spans that are made to break things, from a seed; in the terms of otlp.py."""

import random
import struct

TEXTS = [
    b"",
    b"plain",
    b"GET /api/:id",
    b'quote " and \\ slash \\" \\u0041',
    b"\x00",
    b"a\x00b",
    b"\x1b[31mred\x1b[0m",
    b"\x01\x02\x08\t\n\x0b\x0c\r\x1f\x7f",
    "\u0080\u0085\u009b31m".encode(),
    "\u2028\u2029".encode(),
    "\u202e\u202a\u2066\u2069\u200f\ufeff".encode(),
    "Größe 株式会社 \U0001f4a9 \U0010ffff".encode(),
    "\ufffd".encode(),
    "\ufffe\uffff\ue000".encode(),
    b"\xff",
    b"\xc3",
    b"a\xc3(b",
    b"\xc0\xaf\xe0\x80\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xf0\x9f\x92",
    b"\xe2\x80\xa8\xe2\x80",
    b"NaN",
    b"Infinity",
    b"-0.0",
    b"1.0",
    b"9007199254740993",
    b"null",
    b"true",
    b"/wA=",
    b"_-8",
    b"{}",
    b"x" * 15 + b'"' + b"y" * 16,
    b"z" * 31 + "é".encode(),
    b"long " * 200,
]
KEYS = [
    b"",
    b"a",
    b"b",
    b"http.route",
    b"service.name",
    b"a/b",
    b"a~b",
    b"~1",
    b"~0/",
    b"0",
    b"1",
    b"__proto__",
    b"constructor",
    b"key with space",
    b'quote"\\',
    b"\x00",
    b"tab\t",
    b"\x1b",
    "schlüssel".encode(),
    "\u2028".encode(),
    b"\xff",
    b"\xed\xa0\x80",
    b"attributes",
    b"exact",
    b"keyValues",
    b"intValue",
    b"stringValueBytes",
]
INTEGERS = [
    0, 1, -1, 42, 2**31, -(2**31) - 1, 2**53 - 1, 2**53, 2**53 + 1, -(2**53), -(2**53) - 1,
    2**63 - 1, -(2**63), 2**63 - 2, 10**18, 999999999999999999,
]  # fmt: skip
DOUBLES = [
    0.0, -0.0, 1.0, -1.0, 0.1, 1.5, 42.57, 1e-7, 1e-6, 123456789012345680.0, 1e20, 1e21, 1.5e300,
    2.0**53, 2.0**53 + 2, 2.0**63, -(2.0**63), 2.0**64, 9007199254740993.0, 5e-324, 2.2250738585072014e-308,
    2.225073858507201e-308, 1.7976931348623157e308, float("inf"), float("-inf"), float("nan"),
    3.141592653589793, 0.3, 100.0, 1e15, 1e16, 1e17, 4.35, 2.675, 9.5367431640625e-07,
]  # fmt: skip
TIMES = [
    0, 1, 999, 1000000, 1744019112345678901, 1744019112358024579, 2**53 + 1, 2**63 - 1, 2**63,
    2**64 - 1, 10**18, 951782400000000000, 4102444799999999999,
]  # fmt: skip
COUNTS = [0, 0, 0, 1, 7, 2**31 - 1, 2**31, 2**32 - 1]
FLAGS = [0, 1, 257, 769, 2**31, 2**32 - 1]


class Adversary:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.resources = [self.resource() for _ in range(24)]
        self.scopes = [self.scope() for _ in range(12)]

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, one_in):
        return self.random.randrange(one_in) == 0

    def bytes(self, size):
        return self.random.getrandbits(8 * size).to_bytes(size, "big") if size else b""

    def text(self):
        return self.pick(TEXTS) if not self.chance(8) else self.bytes(self.random.randrange(40))

    def double(self):
        if self.chance(2):
            return self.pick(DOUBLES)
        return struct.unpack("<d", self.bytes(8))[0]

    def integer(self):
        if self.chance(2):
            return self.pick(INTEGERS)
        return struct.unpack("<q", self.bytes(8))[0] >> self.random.randrange(64)

    def value(self, depth=4):
        kinds = ["string", "string", "bool", "int", "int", "double", "double", "bytes", "empty"]
        if depth > 0:
            kinds += ["array", "kvlist"]
        kind = self.pick(kinds)
        if kind == "string":
            return kind, self.text()
        if kind == "bytes":
            return kind, self.pick([b"", b"\x00", b"\xff\x00", self.text(), self.bytes(33)])
        if kind == "bool":
            return kind, self.chance(2)
        if kind == "int":
            return kind, self.integer()
        if kind == "double":
            return kind, self.double()
        if kind == "array":
            return kind, [self.value(depth - 1) for _ in range(self.random.randrange(4))]
        if kind == "kvlist":
            return kind, self.attributes(3, depth - 1)
        return kind, None

    def attributes(self, most, depth=4):
        """Mostly different keys; one list in six may repeat them."""
        keys = [self.pick(KEYS) for _ in range(self.random.randrange(most + 1))]
        if not self.chance(6):
            keys = list(dict.fromkeys(keys))
        return [(key, self.value(depth)) for key in keys]

    def message(self, **fields):
        """Without what is default, except that a default is sometimes written all the same."""
        return {
            key: content
            for key, content in fields.items()
            if content not in (0, b"", [], {}) or (content in (0, b"") and self.chance(10))
        }

    def identifier(self, size):
        if self.chance(12):
            return self.pick([b"", b"\x00" * size, b"\x01", self.bytes(size - 1), self.bytes(40)])
        return self.bytes(size)

    def entity_ref(self):
        return self.message(
            schema_url=self.text(),
            type=self.text(),
            id_keys=[self.text() for _ in range(self.random.randrange(3))],
            description_keys=[self.text() for _ in range(self.random.randrange(3))],
        )

    def resource(self):
        if self.chance(6):
            return self.pick([{"absent": True}, {"absent": True, "schema_url": b"https://x"}])
        if self.chance(6):
            return self.pick([{}, {"schema_url": self.text()}])
        attributes = [item for item in self.attributes(5) if item[0] != b"service.name"]
        if not self.chance(4):
            attributes.insert(
                self.random.randrange(len(attributes) + 1),
                (b"service.name", ("string", self.pick([b"checkout", b"gateway", b"", b"\xff"]))),
            )
        if self.chance(6):
            attributes.append((b"service.name", self.value()))
        return self.message(
            attributes=attributes,
            dropped_attributes_count=self.pick(COUNTS),
            entity_refs=[self.entity_ref() for _ in range(self.pick([0, 0, 1, 2]))],
            schema_url=self.pick([b"", b"", b"https://opentelemetry.io/schemas/1.37.0", b"\xfe"]),
        )

    def scope(self):
        if self.chance(5):
            return self.pick([{"absent": True}, {"absent": True, "schema_url": b"https://y"}, {}])
        return self.message(
            name=self.text(),
            version=self.text(),
            attributes=self.attributes(3),
            dropped_attributes_count=self.pick(COUNTS),
            schema_url=self.pick([b"", b"", b"https://z"]),
        )

    def event(self):
        return self.message(
            time_unix_nano=self.pick(TIMES),
            name=self.text(),
            attributes=self.attributes(3),
            dropped_attributes_count=self.pick(COUNTS),
        )

    def link(self):
        return self.message(
            trace_id=self.identifier(16),
            span_id=self.identifier(8),
            trace_state=self.text(),
            attributes=self.attributes(3),
            dropped_attributes_count=self.pick(COUNTS),
            flags=self.pick(FLAGS),
        )

    def span(self):
        span = self.message(
            trace_id=self.identifier(16),
            span_id=self.identifier(8),
            trace_state=self.pick([b"", b"", b"ot=th:c,congo=t61rcWkgMzE", self.text()]),
            parent_span_id=b"" if self.chance(3) else self.identifier(8),
            name=self.text(),
            kind=self.pick([0, 1, 2, 3, 4, 5, 6, 2**31 - 1, -1, -(2**31)]),
            start_time_unix_nano=self.pick(TIMES),
            end_time_unix_nano=self.pick(TIMES),
            attributes=self.attributes(8),
            dropped_attributes_count=self.pick(COUNTS),
            events=[self.event() for _ in range(self.pick([0, 0, 1, 3]))],
            dropped_events_count=self.pick(COUNTS),
            links=[self.link() for _ in range(self.pick([0, 0, 0, 1, 2]))],
            dropped_links_count=self.pick(COUNTS),
            flags=self.pick(FLAGS),
        )
        if not self.chance(3):
            code = self.pick([0, 1, 2, 2, 3, 2**31 - 1, -1])
            span["status"] = self.message(message=self.text(), code=code)
        return span

    def records(self, count):
        made = []
        while len(made) < count:
            resource, scope = self.pick(self.resources), self.pick(self.scopes)
            for _ in range(self.random.randrange(1, 5)):
                made.append((resource, scope, self.span()))
        return made[:count]
