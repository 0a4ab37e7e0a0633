#!/usr/bin/env python3
"""Ranks and intervals of quantiles against exact binomials, in fractions."""

import os
import random
import subprocess
from fractions import Fraction
from math import comb

from harness import done, ok


def tails(count, quantile):
    """P(B <= k) for k = 0, 1, ... as integers over denominator ** count."""
    p, whole = quantile.numerator, quantile.denominator
    total = 0
    for k in range(count + 1):
        total += comb(count, k) * p**k * (whole - p) ** (count - k)
        yield total


def left_out(count, quantile, allowed):
    bound = allowed * quantile.denominator**count
    taken = 0
    for total in tails(count, quantile):
        if total > bound:
            break
        taken += 1
    return taken


def interval(count, quantile, confidence):
    """Half of the rest for each end, or what the extreme value needs of it all."""
    rest = 1 - confidence
    first, second = max(quantile, 1 - quantile), min(quantile, 1 - quantile)
    upper = quantile >= Fraction(1, 2)
    others, out = rest / 2, left_out(count, 1 - first, rest / 2)
    if out == 0 and first**count <= rest:
        others, out = rest - first**count, 1
    other = left_out(count, first, others)
    low, high = (other, out) if upper else (out, other)
    return low, count + 1 - high if high else 0


def main():
    program = os.path.join(os.environ["BUILD"], "tests/unit/test_statistics")
    chance = random.Random(5)
    asked = [(p, n, c) for p in ("50", "95", "99", "2.5") for n in range(1, 80) for c in ("0.95",)]
    asked += [("99", n, "0.95") for n in (298, 299, 300, 367, 368, 369)]
    asked += [
        (f"{chance.randint(1, 999) / 10:g}", chance.randint(1, 400), chance.choice(["0.9", "0.99"]))
        for _ in range(150)
    ]
    asked += [("0.0000001", 100, "0.95"), ("99.9999999", 100, "0.95"), ("99.9", 900, "0.95")]
    lines = "".join(f"{p} {n} {c}\n" for p, n, c in asked)
    answer = subprocess.run([program, "intervals"], input=lines, capture_output=True, text=True)
    wrong = []
    for (percentile, count, confidence), line in zip(asked, answer.stdout.splitlines()):
        quantile = Fraction(percentile) / 100
        rank = -(-quantile.numerator * count // quantile.denominator)
        expected = (rank, *interval(count, quantile, Fraction(confidence)))
        if tuple(map(int, line.split())) != expected:
            wrong.append(f"p{percentile} of {count} at {confidence}: {line}, not {expected}")
    ok(
        answer.returncode == 0 and len(answer.stdout.splitlines()) == len(asked) and not wrong,
        f"{len(asked)} ranks and intervals are those of exact binomials",
        *wrong,
    )
    done()


main()
