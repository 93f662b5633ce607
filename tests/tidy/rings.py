"""Includes run only edge -> core -> proto -> base, and sideways only where the design says so."""

import re

from tree import c_files, code, numbered, place, text

PRODUCTS = ("sfu", "meeting", "signaling", "certs", "load")
PUBLIC = {"sfu": "sfu/sfu.h", "meeting": "meeting/meeting.h", "certs": "certs/certs.h",
          "load": "load/load.h"}
COMMANDS = tuple(f"{product}/core/command.h" for product in ("sfu", "meeting"))
BELOW = {"proto": ("proto",), "core": ("proto", "core"), "edge": ("proto", "core", "edge"), "": ()}

# A crowd of clients speaks the media server's protocols and enciphers its packets; of the server
# itself it sees nothing.
MEDIA_PROTO = tuple(f"sfu/proto/{name}.h" for name in
                    ("demux", "rtcp", "rtcp_write", "rtp", "sdp", "sdp_line", "vp8"))
MEDIA_SRTP = tuple(f"sfu/core/{name}.h" for name in ("srtp", "srtp_gcm", "srtp_index"))
MEDIA_CIPHERS = tuple(f"sfu/edge/{name}.h" for name in ("cipher", "srtp_kdf", "srtp_lib"))

# What a ring may see of the other products (ARCHITECTURE.md, "Four products, three rings").
SIDEWAYS = {
    ("signaling", "core"): COMMANDS,
    ("signaling", "edge"): COMMANDS + tuple(PUBLIC[name] for name in ("sfu", "meeting", "certs")),
    ("signaling", ""): tuple(PUBLIC.values()),
    ("load", "core"): MEDIA_PROTO + MEDIA_SRTP,
    ("load", "edge"): MEDIA_PROTO + MEDIA_SRTP + MEDIA_CIPHERS,
    ("meeting", "edge"): (PUBLIC["certs"],),
    ("meeting", ""): (PUBLIC["certs"],),
}

# Pure headers of the C library: with them a ring can neither wait nor print nor look around.
PURE_HEADERS = {
    "assert.h", "ctype.h", "float.h", "inttypes.h", "limits.h", "math.h", "stdalign.h", "stdarg.h",
    "stdbool.h", "stddef.h", "stdint.h", "stdlib.h", "string.h",
}
PURE_EXTRA = {
    ("meeting", "proto"): {"jansson.h"},
    ("meeting", "core"): {"jansson.h"},
    ("signaling", "proto"): {"jansson.h"},
    ("signaling", "core"): {"jansson.h"},
}

# Parts of base/ that touch the world; proto and core get time and messages as values.
WORLDLY_BASE = {"base/clock.h", "base/jobs.h", "base/log.h", "base/mailbox.h"}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def includes(name):
    for number, line in numbered(text(name)):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1) == "<", match.group(2)


def allowed(name, target):
    """True if file `name` may include `target`, a path from the top of the tree."""
    product, ring = place(name)
    other, other_ring = place(target)
    if product == "tests" or product not in PRODUCTS + ("base",):
        return True
    if other == "base":
        return not (ring in ("proto", "core") and target in WORLDLY_BASE)
    if product == other:
        # A product's one public header gathers what the product shows, whichever ring it is from.
        return not ring or other_ring in BELOW[ring] or \
            (ring == "edge" and target == PUBLIC.get(product))
    return target in SIDEWAYS.get((product, ring), ())


def rule_includes_start_at_the_root():
    known = set(c_files())
    for name in c_files():
        for number, system, target in includes(name):
            if not system and target not in known:
                yield f"{name}:{number}: no such file from the top of the tree: {target}"


def rule_includes_run_down_the_rings():
    for name in c_files():
        for number, system, target in includes(name):
            if not system and not allowed(name, target):
                yield f"{name}:{number}: may not include {target}"


def rule_inner_rings_see_only_pure_headers():
    for name in c_files():
        where = place(name)
        if where[0] not in PRODUCTS or where[1] not in ("proto", "core"):
            continue
        for number, system, target in includes(name):
            if system and target not in PURE_HEADERS | PURE_EXTRA.get(where, set()):
                yield f"{name}:{number}: <{target}> is not for {where[1]}"


def rule_headers_are_guarded_by_their_path():
    for name in c_files():
        # A table of X(...) lines is made to be included more than once.
        if name.endswith(".h") and not re.search(r"^X\(", code(name), re.M):
            guard = re.sub(r"[/.]", "_", name).upper()
            if not re.search(rf"^#ifndef {guard}\n#define {guard}$", code(name), re.M):
                yield f"{name}: its guard should be {guard}"
