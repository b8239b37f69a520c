#!/usr/bin/env python3
"""Makes the three cuts of NeurodynSans out of Liberation Sans 2 (letters, digits; metrics of Helvetica) and Noto Sans Math (operators, relations,
arrows), both under the SIL Open Font License: what STIX has of them, at 1000 units an em, without hints, features and kerning. The result
has a name of its own, since theirs are reserved. Needs fontTools; give it the two folders:

    sans.py /usr/share/fonts/truetype/liberation2 /usr/share/fonts/truetype/noto     (Debian: fonts-liberation2 2.1.5, fonts-noto-core 20201225)
"""
import sys, tempfile
from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

HERE = Path(__file__).resolve().parent
# Latin, Greek and Cyrillic letters, punctuation, scripts, letter-like signs, arrows, operators, angle brackets
RANGES = [(0x20, 0x17F), (0x1F0, 0x21B), (0x237, 0x237), (0x2B0, 0x2DD), (0x370, 0x3FF), (0x400, 0x45F), (0x1E00, 0x1EFF), (0x2010, 0x2057),
          (0x2070, 0x209C), (0x20AC, 0x20AC), (0x2100, 0x214F), (0x2190, 0x22FF), (0x2308, 0x230B), (0x25A0, 0x25FF), (0x27C2, 0x27EB), (0x2A7D, 0x2A7E), (0x2AAF, 0x2AB0)]
NOTICE = ("Letters: digitized data copyright (c) 2010 Google Corporation; copyright (c) 2012 Red Hat, Inc. "
          "Mathematics: copyright 2015-2020 Google LLC. Modified by the neurodyn authors.")


def reduced(path, wanted):
    font = TTFont(path, recalcTimestamp=False)
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, drop_tables=["GSUB", "GPOS", "GDEF", "kern", "MATH", "DSIG", "gasp", "FFTM"])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted(wanted & set(font.getBestCmap())))
    subsetter.subset(font)
    scale_upem(font, 1000)
    return font


def cut(letters, signs, name, out):
    wanted = {code for low, high in RANGES for code in range(low, high + 1)} & set(TTFont(HERE / "STIXGeneral-Regular.otf").getBestCmap())
    parts = [reduced(letters, wanted)]
    if signs:
        parts.append(reduced(signs, wanted - set(parts[0].getBestCmap())))
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for index, part in enumerate(parts):
            paths.append(f"{folder}/{index}.ttf")
            part.save(paths[-1])
        font = merge.Merger().merge(paths) if signs else TTFont(paths[0], recalcTimestamp=False)
        for table in font["cmap"].tables:
            # neither has the sign of Planck's constant over two pi, which is this letter
            if table.isUnicode() and 0x127 in table.cmap:
                table.cmap[0x210F] = table.cmap[0x127]
        font["name"].names = []
        family, full = "Neurodyn Sans", f"Neurodyn Sans {name}"
        for number, text in {0: NOTICE, 1: family, 2: name, 3: full, 4: full, 5: "Version 1.0", 6: f"NeurodynSans-{name}",
                             13: "SIL Open Font License, Version 1.1", 14: "https://openfontlicense.org"}.items():
            font["name"].setName(text, number, 3, 1, 0x409)
        font["head"].created = font["head"].modified = 3600000000
        font.recalcTimestamp = False
        font["post"].formatType = 3.0
        font.save(out)
    print(f"{out.name}: {len(font.getBestCmap())} characters, {out.stat().st_size} bytes; STIX has {len(wanted - set(font.getBestCmap()))} more in these ranges")


liberation, noto = map(Path, sys.argv[1:3])
cut(liberation / "LiberationSans-Regular.ttf", noto / "NotoSansMath-Regular.ttf", "Regular", HERE / "NeurodynSans-Regular.ttf")
cut(liberation / "LiberationSans-Italic.ttf", None, "Italic", HERE / "NeurodynSans-Italic.ttf")
cut(liberation / "LiberationSans-Bold.ttf", None, "Bold", HERE / "NeurodynSans-Bold.ttf")
