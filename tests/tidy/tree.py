"""The tree as the rules see it: its files, the code without comments, and how a finding is told."""

import functools
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

C_SUFFIXES = (".c", ".h")
SOURCE_SUFFIXES = C_SUFFIXES + (".py", ".sh", ".mjs", ".ts", ".svelte", ".css", ".cmake")

COMMENT_OR_STRING = re.compile(
    r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""", re.S | re.X)


@functools.lru_cache
def files():
    """Every file that is, or could be, committed; paths from the top of the tree."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return sorted(name for name in set(listing.split("\0")) if name and (ROOT / name).is_file())


def with_suffix(*suffixes):
    return [name for name in files() if name.endswith(suffixes)]


def c_files():
    return with_suffix(*C_SUFFIXES)


@functools.lru_cache(maxsize=None)
def text(name):
    """A file's text; empty for one that is not UTF-8 text, such as a picture or a fuzzer's seed."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@functools.lru_cache(maxsize=None)
def code(name):
    """C without its comments and with empty strings; line numbers stay."""
    def blank(match):
        kept = "\n" * match.group(0).count("\n")
        return '""' + kept if match.group(0)[0] in "\"'" else " " + kept
    return COMMENT_OR_STRING.sub(blank, text(name))


def numbered(content):
    return enumerate(content.split("\n"), start=1)


def place(name):
    """(product, ring) of a file of the house: ("sfu", "core"), ("base", ""), ("tests", "")."""
    parts = name.split("/")
    ring = parts[1] if len(parts) > 2 and parts[1] in ("proto", "core", "edge") else ""
    return parts[0], ring
