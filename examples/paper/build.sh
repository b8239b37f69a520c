#!/bin/sh
# Sets the paper with pdflatex and bibtex from what `make paper` has put into build/; fails on errors and on anything undefined.
# With `check` it only says whether the programs are there.
set -eu
cd "$(dirname "$0")"
for program in pdflatex bibtex; do
    command -v "$program" >/dev/null || {
        echo "$program is missing; on Debian and Ubuntu it comes with:" >&2
        echo "    apt-get install texlive-latex-base texlive-latex-recommended texlive-fonts-recommended" >&2
        exit 2
    }
done
[ "${1:-}" != check ] || exit 0
rm -f build/neurodyn.*
# the same bytes whenever it is built
export SOURCE_DATE_EPOCH=0 FORCE_SOURCE_DATE=1
export TEXINPUTS=".:build:../../figures:" BIBINPUTS=".:build:" BSTINPUTS=".:"

set_once() {
    pdflatex -interaction=nonstopmode -halt-on-error -file-line-error -output-directory=build neurodyn >build/pdflatex.out 2>&1 || {
        grep -A 3 -E '^(!|[^ ]+:[0-9]+:)' build/pdflatex.out >&2 || tail -n 20 build/pdflatex.out >&2
        exit 2
    }
}

set_once
bibtex build/neurodyn >build/bibtex.out || {
    cat build/bibtex.out >&2
    exit 2
}
set_once
set_once
if grep -E "undefined|multiply defined|Rerun to get" build/neurodyn.log >&2; then
    rm build/neurodyn.pdf
    exit 2
fi
echo "examples/paper/build/neurodyn.pdf"
