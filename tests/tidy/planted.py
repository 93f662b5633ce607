"""Do the rules bite? Each rule gets a small tree in which one thing is wrong, and must find it."""

import contextlib
import pathlib
import subprocess
import tempfile

import rings
import symbols
import text_rules
import tools
import tree

GUARD = "#ifndef {0}\n#define {0}\n{1}\n#endif\n"
LONG_FUNCTION = "void f(void)\n{\n" + "    g();\n" * text_rules.FUNCTION_LINES + "}\n"

# Rule -> files of a tree in which it has exactly one finding.
PLANTED = {
    rings.rule_includes_start_at_the_root: {"base/a.c": '#include "a.h"\n'},
    rings.rule_includes_run_down_the_rings: {
        "sfu/edge/a.h": GUARD.format("SFU_EDGE_A_H", ""),
        "sfu/core/a.c": '#include "sfu/edge/a.h"\n',
        "sfu/edge/b.c": '#include "sfu/edge/a.h"\n',
    },
    rings.rule_inner_rings_see_only_pure_headers: {
        "sfu/core/a.c": "#include <stdio.h>\n",
        "sfu/edge/a.c": "#include <stdio.h>\n",
    },
    rings.rule_headers_are_guarded_by_their_path: {"base/a.h": GUARD.format("A_H", "")},
    text_rules.rule_files_are_short: {"base/a.h": "\n" * (text_rules.HEADER_LINES + 1)},
    text_rules.rule_functions_are_short: {"base/a.c": LONG_FUNCTION},
    text_rules.rule_lines_are_short: {"base/a.c": "/*" + "x" * text_rules.COLUMNS + "*/\n"},
    text_rules.rule_lines_end_clean: {"base/a.c": "int a; \n"},
    text_rules.rule_no_banned_function_is_called: {
        "base/a.c": '/* strcpy(a, b) in a comment is fine */\nvoid f(void)\n{\n'
                    '    puts("strcpy(");\n    strcpy(a, b);\n}\n',
    },
    text_rules.rule_nothing_is_left_over: {"a.md": "TO" "DO: write this\n"},
    text_rules.rule_no_machine_and_no_registry_is_named: {"a.md": "see /home/" "somebody/notes\n"},
    text_rules.rule_npm_packages_are_pinned_exactly: {
        "package.json": '{"dependencies": {"a": "^1.0.0"}}\n',
        "package-lock.json": "{}\n",
    },
    text_rules.rule_links_in_documents_lead_somewhere: {
        "docs/a.md": "[there](../base/a.c) [not there](b.md) [elsewhere](https://example.org)\n",
        "base/a.c": "",
    },
    tools.rule_clang_format_changes_nothing: {
        ".clang-format": "BasedOnStyle: LLVM\n",
        "base/a.c": "int   a;\n",
    },
    tools.rule_shell_scripts_parse: {"a.sh": "#!/bin/bash\nif true; then\n"},
}


@contextlib.contextmanager
def planted(files):
    """The rules see a tree of these files instead of ours."""
    caches = (tree.files, tree.text, tree.code)
    root = tree.ROOT
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        subprocess.run(["git", "init", "-q", folder], check=True)
        tree.ROOT = tools.ROOT = pathlib.Path(folder)
        for cache in caches:
            cache.cache_clear()
        try:
            yield pathlib.Path(folder)
        finally:
            tree.ROOT = tools.ROOT = root
            for cache in caches:
                cache.cache_clear()


def symbols_bite():
    """A core library that prints is found, and one that only moves memory is not."""
    sources = {
        "base.c": "void base(void);\nvoid base(void) {}\n",
        "sfu_core.c": "int puts(const char *);\nvoid f(void);\nvoid f(void) { puts(\"x\"); }\n",
        "meeting_core.c": "void free(void *);\nvoid g(void *);\nvoid g(void *a) { free(a); }\n",
    }
    with planted(sources) as folder:
        for name in sources:
            stem = name[: -len(".c")]
            subprocess.run(["cc", "-c", name], cwd=folder, check=True)
            subprocess.run(["ar", "rc", f"lib{stem}.a", f"{stem}.o"], cwd=folder, check=True)
        return list(symbols.rule_inner_rings_ask_for_nothing_of_the_world(folder))


def rule_each_rule_finds_what_is_planted_for_it():
    for rule, files in PLANTED.items():
        with planted(files):
            found = list(rule())
        if len(found) != 1:
            yield f"{rule.__name__} found {len(found)} things, not 1: {found}"
    found = symbols_bite()
    if found != ["libsfu_core.a asks for puts"]:
        yield f"the symbols' rule found {found}"
