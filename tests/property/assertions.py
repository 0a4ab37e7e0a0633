#!/usr/bin/env python3
"""The grammar of assertions, as trace-stats(1) prints it, against the parser: what the grammar makes
is an assertion, and what it is not once it was changed is refused, at a place that it can reach."""

import os
import random
import re
import subprocess
from fractions import Fraction

from harness import done, ok, run

WORD = "A-Za-z0-9_./-"
GLUED = ("self.", "critical.", "p", "/")  # no blanks behind these
QUERIES = [
    "{ true }", "{}", '{ name = "a) p95 < 1s: {" }', "{ name = `}` || .x > 2 }", "{ kind = server } >> { kind = client }",
    "({ status = error } | count() > 2)", '{ resource.service.name = "cart" && duration > 1s }',
]
FIELDS = ["service", "span.http.route", "name", 'resource."a b"', "kind", "duration > 1s"]
NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
# whole numbers of each unit once
FALLING = "(?=[0-9]+[ywd])" + "".join(f"(?:[0-9]+{unit})?" for unit in ("y", "w", "d", "h", "m(?!s)", "s", "ms"))


def is_number(text):
    return len(text.partition(".")[2]) <= 9 and len(text) <= 17


def is_n(text):
    return len(text.partition(".")[2]) <= 7 and len(text) <= 10 and 0 < Fraction(text) < 100


def is_part(text):
    digits = text.rstrip("%").rstrip()
    return is_number(digits) and Fraction(digits) <= (100 if text.endswith("%") else 1)


# what the grammar leaves to its prose: a pattern, what has to hold besides, and some of them
LEAVES = {
    "NAME": (f"[{WORD}]+", None, ["gate", "a-b.c/d_9", "warn", "p95", "9"]),
    "N": (NUMBER, is_n, ["95", "99.9", "0.0000001", "99.9999999", "5."]),
    "integer": ("[0-9]+", lambda text: len(text) < 20, ["0", "12", "18446744073709551"]),
    "number": (NUMBER, is_number, ["100", "0.5", "0.000000001", "7."]),
    "part": (rf"{NUMBER}(?: *%)?", is_part, ["0.1%", "0.001", "1", "100 %", "0"]),
    "duration": (rf"(?:{NUMBER}(?:ns|us|ms|s|m|h))+|{FALLING}", None, ["500ms", "1.5s", "0s", "1h30m", "250us", "1w2d"]),
    "query": ("|".join(map(re.escape, QUERIES)), None, QUERIES),
    "field": ("|".join(map(re.escape, FIELDS)), None, FIELDS),
}


class Grammar:
    """EBNF: names, "terminals", [optional], (groups) and | between; as nested tuples."""

    def __init__(self, text):
        self.rules = {}
        starts = list(re.finditer(r"^(\w+) *= ", text, re.M))
        for rule, following in zip(starts, [*starts[1:], None]):
            body = text[rule.end():following.start() if following else len(text)]
            self.tokens = re.findall(r'"[^"]*"|\w+|[][()|]', body)
            self.rules[rule.group(1)] = self.choice()
            assert not self.tokens, self.tokens
        self.far = 0

    def choice(self):
        choices = [self.sequence()]
        while self.tokens and self.tokens[0] == "|":
            self.tokens.pop(0)
            choices.append(self.sequence())
        return ("choice", choices)

    def sequence(self):
        parts = []
        while self.tokens and self.tokens[0] not in "|])":
            token = self.tokens.pop(0)
            if token in "[(":
                parts.append(("maybe" if token == "[" else "once", self.choice()))
                assert self.tokens.pop(0) == {"[": "]", "(": ")"}[token]
            else:
                parts.append(("text", token[1:-1]) if token[0] == '"' else ("name", token))
        return ("sequence", parts)

    def make(self, node, chance):
        """Tokens, each with whether it may be changed."""
        kind, what = node
        if kind == "choice":
            return self.make(chance.choice(what), chance)
        if kind == "sequence":
            return [token for part in what for token in self.make(part, chance)]
        if kind == "maybe":
            return self.make(what, chance) if chance.random() < 0.5 else []
        if kind == "once":
            return self.make(what, chance)
        if kind == "text":
            return [(what, True)]
        if what in self.rules:
            return self.make(self.rules[what], chance)
        return [(chance.choice(LEAVES[what][2]), what not in ("query", "field"))]

    def ends(self, node, text, at, glued=False):
        """Where it may end that begins at `at`, and whether no blank may follow."""
        kind, what = node
        if kind == "choice":
            return {end for choice in what for end in self.ends(choice, text, at, glued)}
        if kind == "sequence":
            ends = {(at, glued)}
            for part in what:
                ends = {end for start in ends for end in self.ends(part, text, *start)}
            return ends
        if kind == "maybe":
            return {(at, glued)} | self.ends(what, text, at, glued)
        if kind == "once":
            return self.ends(what, text, at, glued)
        if kind == "name" and what in self.rules:
            return self.ends(self.rules[what], text, at, glued)
        while not glued and at < len(text) and text[at] in " \t":
            at += 1
        self.far = max(self.far, at)
        if kind == "text":
            end = at + len(what)
            runs_on = what[-1].isalnum() and what != "p" and re.match(f"[{WORD}]", text[end:])
            return {(end, what in GLUED)} if text.startswith(what, at) and not runs_on else set()
        pattern, holds, _ = LEAVES[what]
        found = re.compile(pattern).match(text, at)
        if not found or (what != "query" and what != "field" and re.match(f"[{WORD}]", text[found.end():])):
            return set()
        return {(found.end(), False)} if holds is None or holds(found.group()) else set()

    def has(self, text):
        self.far = 0
        ends = self.ends(self.rules["assertion"], text, 0)
        return any(not text[end:].strip(" \t") for end, _ in ends)


def join(tokens, chance):
    text = ""
    for i, (token, _) in enumerate(tokens):
        last = tokens[i - 1][0] if i else ""
        needed = re.search(f"[{WORD}]$", last) and re.match(f"[{WORD}]", token)
        glued = last in GLUED
        text += "" if glued else chance.choice([" ", "  ", "\t"] if needed else ["", " ", " ", "\t "])
        text += token
    return text


def change(tokens, terminals, chance):
    """One token lost, doubled, another, moved, or with another letter."""
    tokens = list(tokens)
    at = chance.choice([i for i, (_, free) in enumerate(tokens) if free])
    token = tokens[at][0]
    kind = chance.randrange(6)
    if kind == 0:
        del tokens[at]
    elif kind == 1:
        tokens.insert(at, tokens[at])
    elif kind == 2:
        tokens[at] = (chance.choice(terminals), True)
    elif kind == 3:
        other = chance.randrange(len(tokens))
        tokens[at], tokens[other] = tokens[other], tokens[at]
    else:
        place = chance.randrange(len(token) + (kind == 4))
        letter = chance.choice("abmps019<>=!.:/%()-_")
        tokens[at] = (token[:place] + letter + token[place + (kind == 5):], True)
    return tokens


def is_in_brackets(text, at):
    """There TraceQL knows more than the grammar."""
    plain = re.sub(r'"[^"]*"|`[^`]*`', lambda string: "x" * len(string.group()), text)
    return any(plain[:at + 1].count(a) > plain[:at].count(b) for a, b in ("()", "{}"))


def answers(lines):
    program = os.path.join(os.environ["BUILD"], "tests/unit/test_gate")
    told = subprocess.run([program, "assertions"], input="".join(f"{x}\n" for x in lines), capture_output=True,
                          text=True, check=True)
    return told.stdout.splitlines()


def terminals_of(node):
    kind, what = node
    if kind == "text":
        yield what
    elif kind in ("choice", "sequence"):
        for part in what:
            yield from terminals_of(part)
    elif kind != "name":
        yield from terminals_of(what)


with open("man/trace-stats.1", encoding="utf-8") as page:
    printed = re.search(r"^assertion = .*?(?=^\.Ed)", page.read(), re.M | re.S).group()
GRAMMAR = Grammar(printed)
TERMINALS = sorted({text for rule in GRAMMAR.rules.values() for text in terminals_of(rule)})
CHANCE = random.Random(7)
MADE = [GRAMMAR.make(GRAMMAR.rules["assertion"], CHANCE) for _ in range(4000)]
SEEN = {token for tokens in MADE for token, _ in tokens}
ok(set(TERMINALS) <= SEEN and all(set(leaf[2]) <= SEEN for leaf in LEAVES.values()), "all of the grammar was made")

TEXTS = [join(tokens, CHANCE) for tokens in MADE]
WRONG = [f"{text!r}: {told}" for text, told in zip(TEXTS, answers(TEXTS)) if told != "ok" or not GRAMMAR.has(text)]
ok(not WRONG, f"{len(TEXTS)} assertions of the grammar are taken", *WRONG[:9])

CHANGED = [join(change(tokens, TERMINALS, CHANCE), CHANCE) for tokens in MADE for _ in range(5)]
WRONG, REFUSED, TAKEN, TRACEQL = [], 0, 0, 0
for text, told in zip(CHANGED, answers(CHANGED)):
    if GRAMMAR.has(text):
        TAKEN += 1
        if told != "ok":
            WRONG.append(f"{text!r} is one: {told}")
        continue
    place = re.match(r"(\d+) (\d+) .", told)
    if is_in_brackets(text, GRAMMAR.far) or (place and is_in_brackets(text, int(place[1]))):
        TRACEQL += 1
        continue
    REFUSED += 1
    if not place:
        WRONG.append(f"{text!r} is none: {told}")
    elif not (int(place[1]) <= GRAMMAR.far and 0 < int(place[2]) <= max(len(text) - int(place[1]), 1)):
        WRONG.append(f"{text!r}: {told}, but up to {GRAMMAR.far} it might be one")
ok(not WRONG, f"{len(CHANGED)} changed ones are what they are", *WRONG[:20])
ok(REFUSED > 15000 and TAKEN > 1000, "of these there are enough of both kinds", REFUSED, TRACEQL, TAKEN)

for text in ["p95 < 500", "{ true } p95 <> 1s", "rate > 5", "count/trace <= 1.5"]:
    result = run("trace-stats", "--assert", text)
    ok(result.status == 2 and not result.out and text in result.err and "^" in result.err, f"{text}: is shown", result)
done()
