"""What other programs judge: clang-format, clang-tidy, and the shells that read our scripts."""

import concurrent.futures
import os
import re
import subprocess

from tree import ROOT, c_files, files, text

# clang-tidy looks at the code that ships; a test is allowed to be long-winded.
PRODUCTS = ("base/", "sfu/", "meeting/", "signaling/", "certs/", "load/")


def output_of(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def rule_clang_format_changes_nothing():
    names = c_files()
    code, output = output_of("clang-format", "--dry-run", "-Werror", *names) if names else (0, "")
    if code != 0:
        found = re.findall(r"^(\S+?:\d+):\d+: error:", output, re.M)
        yield from sorted(set(found)) or [output.strip()[:2000]]


def rule_shell_scripts_parse():
    for name in files():
        first = text(name).split("\n", 1)[0]
        shell = re.match(r"#!(?:/usr)?/bin/(?:env )?(bash|sh)\b", first)
        if shell or name.endswith(".sh"):
            code, output = output_of(shell.group(1) if shell else "bash", "-n", name)
            if code != 0:
                yield output.strip()


def rule_clang_tidy_finds_nothing(build):
    if not (build / "compile_commands.json").is_file():
        yield f"no compile_commands.json in {build}"
        return
    names = [name for name in c_files() if name.endswith(".c") and name.startswith(PRODUCTS)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = pool.map(lambda name: output_of("clang-tidy", "--quiet", "-p", str(build), name),
                           names)
        for name, (code, output) in zip(names, answers):
            found = [line for line in output.splitlines()
                     if re.match(r".*: (warning|error):", line)]
            yield from (line.replace(f"{ROOT}/", "") for line in dict.fromkeys(found))
            if code != 0 and not found:
                yield f"{name}: clang-tidy failed: {output.strip()[-400:]}"
