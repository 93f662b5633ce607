"""Counts what the groups of ./test ran, from their own output.

A cmocka case is one test; a program that ctest ran and that has no cmocka cases is one test; Vitest
and programs of our own say how many they ran. A group that failed without naming a failed test, or
that ran nothing, counts one failure, so no error can hide.
"""

import json
import pathlib
import re
import sys

ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
CTEST_LINE = re.compile(r"^(\d+): (.*)$")
CTEST_RESULT = re.compile(
    r"^\s*\d+/\d+ Test +#(\d+): (\S+) \.*(?:\s*|\*+)(Passed|Skipped|\*\*\*.*?)\s+[\d.]+ sec")
PLAIN = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")
VITEST = re.compile(r"^\s*Tests\s+(.*)\(\d+\)\s*$")


def count_plain(lines):
    """The last closing line of a program of our own."""
    for line in reversed(lines):
        match = PLAIN.match(line)
        if match:
            return [int(number or 0) for number in match.groups()], []
    return None


def count_vitest(lines):
    """Every closing line of Vitest; what it checks besides shows in the exit status."""
    counts, found = [0, 0, 0], False
    for line in lines:
        match = VITEST.match(line)
        if match:
            found = True
            for index, word in enumerate(("passed", "failed", "skipped")):
                part = re.search(r"(\d+) " + word, match.group(1))
                counts[index] += int(part.group(1)) if part else 0
    return (counts, []) if found else None


def count_program(output, ok):
    """One program run by ctest: its cmocka cases, or its own closing line, or itself."""
    started = [line[13:] for line in output if line.startswith("[ RUN      ] ")]
    if not started:
        plain = count_plain(output)
        return plain[0] if plain and (plain[0][1] > 0) != ok else [int(ok), int(not ok), 0]
    passed = sum(line.startswith("[       OK ] ") for line in output)
    skipped = sum(line.startswith("[  SKIPPED ] ") for line in output[: len(output) - 2])
    skipped = min(skipped, len(started) - passed)
    failed = len(started) - passed - skipped
    return [passed, failed + int(not ok and failed == 0), skipped]


def count_ctest(lines):
    outputs, results, names = {}, {}, {}
    for line in lines:
        match = CTEST_LINE.match(line)
        if match:
            outputs.setdefault(match.group(1), []).append(match.group(2))
        match = CTEST_RESULT.match(line)
        if match:
            results[match.group(1)] = match.group(3) == "Passed"
            names[match.group(1)] = match.group(2)
    if not results:
        return None
    counts, failures = [0, 0, 0], []
    for number, ok in results.items():
        output = outputs.get(number, [])
        one = count_program(output, ok)
        counts = [a + b for a, b in zip(counts, one)]
        if one[1]:
            failures += [f"--- {names[number]}"] + output[-60:]
    return counts, failures


def group(name, status, log, seconds, path):
    text = pathlib.Path(log).read_text(errors="replace")
    lines = [ESCAPES.sub("", line) for line in text.splitlines()]
    counted = count_ctest(lines) or count_vitest(lines) or count_plain(lines)
    counts, failures = counted or ([0, 0, 0], lines[-60:])
    if (int(status) != 0 or sum(counts) == 0) and counts[1] == 0:
        counts[1] = 1
        failures = failures or lines[-60:]
    pathlib.Path(path).write_text(json.dumps({"group": name, "counts": counts,
                                              "seconds": int(seconds)}))
    for line in failures:
        print("   ", line)
    print(f"    {name}: {sentence(counts)} in {seconds} s")


def sentence(counts):
    text = f"{counts[0]} passed, {counts[1]} failed"
    return text + (f", {counts[2]} skipped" if counts[2] else "")


def total(paths):
    groups = [json.loads(pathlib.Path(path).read_text()) for path in paths]
    for one in groups:
        print(f"{one['group']:<12} {one['seconds']:>5} s  {sentence(one['counts'])}",
              file=sys.stderr)
    counts = [sum(column) for column in zip(*(one["counts"] for one in groups))]
    sys.stderr.flush()
    print(sentence(counts), flush=True)
    return 1 if counts[1] else 0


if __name__ == "__main__":
    if sys.argv[1] == "sum":
        sys.exit(total(sys.argv[2:]))
    group(*sys.argv[2:7])
