"""Lengths, banned functions, leftover words, and what must not be written into a repository."""

import json
import re

from tree import SOURCE_SUFFIXES, c_files, code, files, numbered, text, with_suffix

FILE_LINES = 500
HEADER_LINES = 200
FUNCTION_LINES = 80
COLUMNS = 100

BANNED = re.compile(
    r"\b(strcpy|strcat|stpcpy|sprintf|vsprintf|gets|rand|srand|alloca|atoi|atol|atof|strtok|system|"
    r"popen|tmpnam|mktemp|localtime|gmtime|ctime|asctime|setjmp|longjmp)\s*\(")

# Spelt in two halves, so that this file does not find itself.
LEFTOVERS = re.compile(r"\b(" + "|".join(("TO" "DO", "FIX" "ME", "XX" "X", "HA" "CK")) + r")\b")
MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(wo" r"rk/(shared|main|\.lib)|tmp/" r"wt\b|home/\w+/|Users/\w+/)")
REGISTRIES = re.compile(
    r"registry\." r"npmjs|registry\." r"yarnpkg|deb\." r"debian|security\." r"debian|"
    r"files\." r"pythonhosted|pypi\." r"org|crates\." r"io|proxy\." r"golang|repo\." r"maven")

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def rule_files_are_short():
    for name in with_suffix(*SOURCE_SUFFIXES):
        limit = HEADER_LINES if name.endswith(".h") else FILE_LINES
        lines = text(name).count("\n")
        if lines > limit:
            yield f"{name}: {lines} lines, at most {limit}"


def rule_functions_are_short():
    """clang-format puts the braces of functions, and of nothing else, alone into column one."""
    for name in c_files():
        start = None
        for number, line in numbered(text(name)):
            if line == "{":
                start = number
            elif line == "}" and start:
                if number - start + 1 > FUNCTION_LINES:
                    yield (f"{name}:{start}: a function of {number - start + 1} lines, "
                           f"at most {FUNCTION_LINES}")
                start = None


def rule_lines_are_short():
    for name in with_suffix(".c", ".h", ".py", ".sh", ".mjs", ".cmake"):
        for number, line in numbered(text(name)):
            if len(line) > COLUMNS:
                yield f"{name}:{number}: {len(line)} columns, at most {COLUMNS}"


def rule_lines_end_clean():
    for name in with_suffix(*SOURCE_SUFFIXES):
        content = text(name)
        if content and not content.endswith("\n"):
            yield f"{name}: no newline at its end"
        for number, line in numbered(content):
            if line != line.rstrip() or "\t" in line:
                yield f"{name}:{number}: a tab, or space at the end of the line"


def rule_no_banned_function_is_called():
    for name in c_files():
        for number, line in numbered(code(name)):
            match = BANNED.search(line)
            if match:
                yield f"{name}:{number}: {match.group(1)}"


def rule_nothing_is_left_over():
    for name in files():
        for number, line in numbered(text(name)):
            match = None if name.endswith("package-lock.json") else LEFTOVERS.search(line)
            if match:
                yield f"{name}:{number}: {match.group(1)}"


def rule_no_machine_and_no_registry_is_named():
    for name in files():
        for number, line in numbered(text(name)):
            match = MACHINE_PATHS.search(line) or REGISTRIES.search(line)
            if match:
                yield f"{name}:{number}: {match.group(0)}"


def rule_npm_packages_are_pinned_exactly():
    for name in files():
        if name.rsplit("/", 1)[-1] != "package.json":
            continue
        package = json.loads(text(name))
        for group in ("dependencies", "devDependencies", "optionalDependencies"):
            for other, version in package.get(group, {}).items():
                if not re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", version):
                    yield f"{name}: {other} {version}"
        if name[: -len(".json")] + "-lock.json" not in files():
            yield f"{name}: no package-lock.json beside it"


def rule_links_in_documents_lead_somewhere():
    known = set(files())
    folders = {name.rsplit("/", depth)[0] for name in known
               for depth in range(1, name.count("/") + 1)}
    for name in with_suffix(".md"):
        folder = name.rsplit("/", 1)[0].split("/") if "/" in name else []
        for number, line in numbered(text(name)):
            for target in LINK.findall(line):
                if "://" in target or target.startswith(("mailto:", "/")):
                    continue
                parts = list(folder)
                for part in target.rstrip("/").split("/"):
                    if part == "..":
                        parts.pop()
                    elif part != ".":
                        parts.append(part)
                if "/".join(parts) not in known | folders:
                    yield f"{name}:{number}: {target}"
