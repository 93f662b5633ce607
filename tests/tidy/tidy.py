"""The house rules as tests: each rule_* function is one, and every line it yields is a finding.

Usage: python3 tests/tidy/tidy.py BUILD [rule…]
BUILD is a finished build by gcc without sanitizers (build/dev): its libraries and compile commands
are looked at. Ends on "N passed, N failed".
"""

import inspect
import pathlib
import sys
import time

import planted
import rings
import symbols
import text_rules
import tools

SHOWN_FINDINGS = 40


def rules():
    for module in (planted, rings, symbols, text_rules, tools):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("rule_"):
                yield name[len("rule_"):], function


def main(build, wanted):
    passed = failed = 0
    for name, rule in rules():
        if wanted and name not in wanted:
            continue
        started = time.monotonic()
        findings = list(rule(build) if inspect.signature(rule).parameters else rule())
        title = f"{name.replace('_', ' ')} ({time.monotonic() - started:.1f} s)"
        if findings:
            failed += 1
            print(f"FAILED  {title}: {len(findings)} findings", flush=True)
            for finding in findings[:SHOWN_FINDINGS]:
                print(f"        {finding}")
        else:
            passed += 1
            print(f"ok      {title}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]))
