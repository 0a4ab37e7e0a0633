#!/usr/bin/env python3
"""Lines that were edited with jq: what is encoded is what the edited line says."""

import otlp
from adversary import Adversary
from harness import decode, done, encode, installed, ok, run, skip

SPANS = 600


def edited(records, change):
    """The records after `change(resource, scope, span)` on copies; it returns what it made."""
    return [change(dict(resource), dict(scope), dict(span)) for resource, scope, span in records]


def check(name, records, program, change):
    lines = decode("--from", "pb", data=otlp.encode_request(records)).out
    filtered = run("jq", "-c", program, data=lines)
    back = encode("--to", "pb", "--batch-spans", SPANS, data=filtered.out)
    ok(filtered.status == 0 and back.status == 0, f"{name}: exit 0", filtered, back)
    expected = sorted(map(otlp.freeze_record, edited(records, change)), key=repr)
    got = sorted(map(otlp.freeze_record, otlp.decode_request(back.out)), key=repr)
    differing = [f"expected {a}\ngot      {b}" for a, b in zip(expected, got) if a != b]
    ok(expected == got, f"{name}: what the line says", len(expected), len(got), *differing[:1])


def drop_first_event(resource, scope, span):
    span["events"] = span.get("events", [])[1:]
    return resource, scope, span


def drop_attributes(resource, scope, span):
    span.pop("attributes", None)
    return resource, scope, span


def set_name(resource, scope, span):
    span["name"] = b"edited"
    return resource, scope, span


def swap_ids(resource, scope, span):
    span["span_id"] = b"\x01\x02\x03\x04\x05\x06\x07\x08"
    return resource, scope, span


def set_status(resource, scope, span):
    span["status"] = {"code": 2, "message": b"edited"}
    span["kind"] = 5
    return resource, scope, span


def set_times(resource, scope, span):
    span["start_time_unix_nano"], span["end_time_unix_nano"] = 1000, 3000
    return resource, scope, span


def set_service(resource, scope, span):
    attributes = [item for item in resource.get("attributes", []) if item[0] != b"service.name"]
    resource.pop("absent", None)
    resource["attributes"] = [(b"service.name", ("string", b"edited"))] + attributes
    return resource, scope, span


def drop_scope(resource, scope, span):
    return resource, {"absent": True}, span


def movable_service(record):
    """At most one service.name, of a kind that stands at the head of the line."""
    services = [value for key, value in record[0].get("attributes", []) if key == b"service.name"]
    return not services or services in ([("string", b"checkout")], [("string", b"")])


def plain_span(*attributes, **fields):
    span = {"trace_id": b"t" * 16, "span_id": b"s" * 8, "name": b"n", "attributes": list(attributes)}
    span.update(fields)
    return ({"attributes": [(b"service.name", ("string", b"shop"))]}, {"name": b"scope"}, span)


# Attributes before and after an edit of one line: what is no longer as `exact` says is inferred.
ATTRIBUTE_EDITS = [
    ("a changed double", '.attributes.k = 2', ("double", 1.0), b"k", ("int", 2)),
    ("a double that stays", ".attributes.k = 1", ("double", 1.0), b"k", ("double", 1.0)),
    ("a changed large integer", ".attributes.k = 5", ("int", 2**53 + 1), b"k", ("int", 5)),
    ("a large integer rounded by jq", ".", ("int", 2**53 + 1), b"k", ("int", 2**53 + 1)),
    ("the smallest integer", ".", ("int", -(2**63)), b"k", ("int", -(2**63))),
    ("changed bytes", '.attributes.k = "x"', ("bytes", b"\xff\x00"), b"k", ("string", b"x")),
    ("a changed NaN", '.attributes.k = "none"', ("double", float("nan")), b"k", ("string", b"none")),
    ("a string where bytes were", '.attributes.k = "/wA"', ("bytes", b"\xff\x00"), b"k",
     ("string", b"/wA")),
    ("invalid UTF-8 that was replaced", '.attributes.k = "ok"', ("string", b"\xff"), b"k",
     ("string", b"ok")),
    ("a renamed key", ".attributes |= with_entries(.key = \"new\")", ("double", 1.0), b"new",
     ("int", 1)),
    ("a renamed key with its type", ".attributes |= with_entries(.key = \"new\") | .exact |= "
     "with_entries(.key = \"/attributes/new\")", ("double", 1.0), b"new", ("double", 1.0)),
    ("a number with a fraction", ".attributes.k = 1.5", ("string", b"x"), b"k", ("double", 1.5)),
    ("null", ".attributes.k = null", ("string", b"x"), b"k", ("empty", None)),
    ("an array", '.attributes.k = [1, 2.5, "x", null, true]', ("string", b"x"), b"k",
     ("array", [("int", 1), ("double", 2.5), ("string", b"x"), ("empty", None), ("bool", True)])),
    ("an object", '.attributes.k = {"a": {"b": 1}}', ("string", b"x"), b"k",
     ("kvlist", [(b"a", ("kvlist", [(b"b", ("int", 1))]))])),
    ("a changed member of an array", ".attributes.k[1] = 7",
     ("array", [("double", 1.0), ("double", 2.0)]), b"k", ("array", [("double", 1.0), ("int", 7)])),
    ("a changed member of a map", '.attributes.k["a/b"] = 7',
     ("kvlist", [(b"a/b", ("double", 1.0)), (b"c~d", ("double", 2.0))]), b"k",
     ("kvlist", [(b"a/b", ("int", 7)), (b"c~d", ("double", 2.0))])),
]  # fmt: skip


def check_attribute_edits():
    for name, program, before, key, after in ATTRIBUTE_EDITS:
        check(name, [plain_span((b"k", before))], program,
              lambda resource, scope, span: (resource, scope, {**span, "attributes": [(key, after)]}))


def check_repeated_keys():
    record = plain_span((b"k", ("int", 1)), (b"k", ("int", 2)), (b"j", ("int", 3)))
    check("repeated keys, untouched", [record], ".", lambda *parts: parts)
    check("repeated keys, another one changed", [record], ".attributes.j = 4",
          lambda resource, scope, span: (resource, scope, {
              **span, "attributes": [(b"k", ("int", 1)), (b"j", ("int", 4))]}))


def check_warnings():
    lines = decode("--from", "pb", data=otlp.encode_request([plain_span((b"k", ("double", 1.0)))])).out
    for what, program in [
        ("a key that is not known", ".unknown = 1"),
        ("a derived field that disagrees", ".duration_ms = 12"),
        ("an entry of exact that no longer applies", ".attributes.k = 3"),
        ("two services", '.resource.attributes["service.name"] = "other"'),
    ]:
        back = encode(data=run("jq", "-c", program, data=lines).out)
        told = back.err.count("\n")
        ok(back.status == 0 and told == 1, f"{what} is warned of once", told, back)
    many = run("jq", "-c", ".unknown = 1", data=lines * 5)
    back = encode(data=many.out)
    ok(back.err.count("\n") == 1 and "5" in back.err, "and counted", back)


def main():
    if not installed("jq"):
        skip("edits", "jq is not installed")
        done()
    records = Adversary(7).records(SPANS)
    check("del(.events[0])", records, "del(.events[0])", drop_first_event)
    check("del(.attributes)", records, "del(.attributes)", drop_attributes)
    check("a new name", records, '.name = "edited"', set_name)
    check("another span id", records, '.span_id = "0102030405060708"', swap_ids)
    check("a new status and kind", records,
          '.status = "error" | .status_message = "edited" | .kind = "consumer"', set_status)
    check("new times", records, '.start_unix_nano = "1000" | .end_unix_nano = 3000', set_times)
    check("no scope", records, "del(.scope)", drop_scope)
    check("a new service", [record for record in records if movable_service(record)],
          '.service = "edited"', set_service)
    check_attribute_edits()
    check_repeated_keys()
    check_warnings()
    done()


main()
