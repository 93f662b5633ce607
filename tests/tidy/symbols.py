"""The inner rings ask the world for nothing but what stands here (nm -u on each library)."""

import re
import subprocess

# The C library's pure functions. Memory, text, arithmetic, sorting; failing loudly.
PURE = {
    "memchr", "memcmp", "memcpy", "memmem", "memmove", "memset", "strchr", "strcmp", "strcspn",
    "strlen",
    "strncmp", "strnlen", "strrchr", "strspn", "strstr", "bsearch", "qsort", "abs", "llabs",
    "exp", "exp2", "log", "log2", "log10", "pow", "sqrt", "fabs", "floor", "ceil", "round",
    "lround", "llround", "fmin", "fmax", "cbrt",
    "abort", "__assert_fail", "__stack_chk_fail", "_GLOBAL_OFFSET_TABLE_",
}
# Memory taken at start (sfu) or with a command (meeting, signaling), and given back.
MEMORY = {"malloc", "calloc", "realloc", "free", "strdup"}

# Parts of base/ that touch the world, by the prefix of their functions.
WORLDLY_BASE = re.compile(r"^(clock|jobs|log|mailbox)_")

# Library -> (libraries below it, what else it may ask for). json_* is jansson, which parses and
# writes in memory; of it only the functions on streams and files are refused.
LIBRARIES = {
    "sfu_proto": (["base"], set()),
    "sfu_core": (["sfu_proto", "base"], MEMORY),
    "load_core": (["sfu_proto", "sfu_core", "base"], MEMORY),
    "meeting_proto": (["base"], MEMORY | {"json_*"}),
    "meeting_core": (["meeting_proto", "base"], MEMORY | {"json_*"}),
    "signaling_proto": (["base"], MEMORY | {"json_*"}),
    "signaling_core": (["signaling_proto", "base"], MEMORY | {"json_*"}),
}
JSON = re.compile(r"^(json_|jsonp_)(?!.*(file|fd|dumpf|loadf|load_callback))")


def nm(library, *options):
    output = subprocess.run(["nm", *options, library], check=True, capture_output=True, text=True)
    return {parts[-1] for parts in (line.split() for line in output.stdout.splitlines())
            if len(parts) > 1 and len(parts[-2]) == 1}


def find_library(build, name):
    found = sorted(build.glob(f"**/lib{name}.a"))
    return found[0] if found else None


def rule_inner_rings_ask_for_nothing_of_the_world(build):
    if not find_library(build, "base"):
        yield f"nothing is built in {build}"
        return
    for name, (below, extra) in LIBRARIES.items():
        library = find_library(build, name)
        if not library:
            continue
        own = nm(library, "--defined-only")
        for lower in below:
            other = find_library(build, lower)
            if other:
                own |= {symbol for symbol in nm(other, "--defined-only")
                        if not WORLDLY_BASE.match(symbol)}
        for symbol in sorted(nm(library, "--undefined-only") - own - PURE - extra):
            if not ("json_*" in extra and JSON.match(symbol)):
                yield f"lib{name}.a asks for {symbol}"
