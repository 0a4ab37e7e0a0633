"""Span lines as the property tests look at them, and the counts of them that others made."""

import csv
import json
from pathlib import Path


def spans_of(result):
    return [json.loads(line) for line in result.out.splitlines()]


def without_derived(span):
    return {key: value for key, value in span.items() if key not in ("start", "duration_ms")}


def by_id(spans):
    return {(span["trace_id"], span["span_id"]): span for span in spans}


def counts_of(spans):
    """As COUNTS.tsv has them."""
    sizes = {}
    for span in spans:
        sizes[span["trace_id"]] = sizes.get(span["trace_id"], 0) + 1
    ids = by_id(spans)
    parents = [(s["trace_id"], s["parent_span_id"]) for s in spans if s.get("parent_span_id")]
    starts = [int(span["start_unix_nano"]) for span in spans if span["start_unix_nano"] != "0"]
    return {
        "spans": len(spans),
        "traces": len(sizes),
        "error_spans": sum(span["status"] == "error" for span in spans),
        "n_services": len({span["service"] for span in spans if span.get("service")}),
        "roots": len(spans) - len(parents),
        "missing_parent": sum(parent not in ids for parent in parents),
        "duplicate_ids": len(spans) - len(ids),
        "events": sum(len(span.get("events", [])) for span in spans),
        "links": sum(len(span.get("links", [])) for span in spans),
        "largest_trace": max(sizes.values(), default=0),
        "start_min": min(starts, default=None),
        "end_max": max((int(span["end_unix_nano"]) for span in spans), default=None),
    }


def counted_by_others(public, prefixes):
    """The name and the counts of each capture whose name begins so."""
    with open(Path(public, "COUNTS.tsv"), newline="", encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["file"].startswith(prefixes):
                yield row["file"], row


def counted_otherwise(spans, row, otherwise):
    """By key: our count and theirs, where they differ; `otherwise` is what ours should be."""
    return {
        key: (count, row[key])
        for key, count in counts_of(spans).items()
        if str(count) != str(otherwise.get(key, row[key]))
    }
