#!/bin/sh
# Makes the two font files of the client from Noto Sans (Debian package fonts-noto-core), with
# pyftsubset (fonttools, python3-brotli). Run by hand when the set of letters changes.
#
# Kept: Basic Latin, the letters of Latin-1 with a few signs, the letters of Vietnamese (the few of
# Latin Extended-A and -B, combining tone marks, Latin Extended Additional), dashes, quotes, arrows
# and signs that the screens use.
set -eu
cd "$(dirname "$0")"
letters=U+0020-007E,U+00A0,U+00A7,U+00AB,U+00B0,U+00B7,U+00BB,U+00C0-00FF,U+0102-0103
letters=$letters,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0303,U+0309
letters=$letters,U+0323,U+1EA0-1EF9,U+2010-2014,U+2018-201D,U+2022,U+2026,U+20AB,U+2190-2193
letters=$letters,U+2212
for weight in Regular Bold; do
    pyftsubset "/usr/share/fonts/truetype/noto/NotoSans-$weight.ttf" \
        --unicodes="$letters" \
        --layout-features='kern,liga,mark,mkmk,ccmp,locl,tnum' \
        --no-hinting --desubroutinize --flavor=woff2 \
        --output-file="NotoSans-$weight.woff2"
done
