#!/bin/sh
# Sets the paper from what `make paper` has put into build/: in two columns and in one, with pdflatex and with lualatex (arguments
# choose some of these engines), and bibtex. Fails on errors, on anything undefined, and where a figure is put in with a warning.
# With `check` it only says whether the programs are there.
set -eu
cd "$(dirname "$0")"
check=
[ "${1:-}" != check ] || { check=1; shift; }
engines=${*:-pdflatex lualatex}
for program in $engines bibtex; do
    command -v "$program" >/dev/null || {
        echo "$program is missing; on Debian and Ubuntu it comes with:" >&2
        echo "    apt-get install texlive-latex-base texlive-latex-recommended texlive-fonts-recommended texlive-luatex" >&2
        exit 2
    }
done
[ -z "$check" ] || exit 0
# the same bytes whenever it is built
export SOURCE_DATE_EPOCH=0 FORCE_SOURCE_DATE=1
export TEXINPUTS=".:build:../../figures:" BIBINPUTS=".:build:" BSTINPUTS=".:"

# set_once ENGINE DOCUMENT NAME
set_once() {
    "$1" -interaction=nonstopmode -halt-on-error -file-line-error -output-directory=build -jobname="$3" "$2" >"build/$3.said" 2>&1 || {
        grep -A 3 -E '^(!|[^ ]+:[0-9]+:)' "build/$3.said" >&2 || tail -n 20 "build/$3.said" >&2
        exit 2
    }
}

for engine in $engines; do
    for document in neurodyn onecolumn; do
        name=$document
        [ "$engine" = pdflatex ] || name=$document-$engine
        rm -f "build/$name".*
        set_once "$engine" "$document" "$name"
        bibtex "build/$name" >build/bibtex.out || {
            cat build/bibtex.out >&2
            exit 2
        }
        set_once "$engine" "$document" "$name"
        set_once "$engine" "$document" "$name"
        if grep -iE "(reference|citation).* undefined|undefined (references|citations)|multiply defined|Rerun to get|PDF inclusion" "build/$name.log" >&2; then
            rm "build/$name.pdf"
            exit 2
        fi
        echo "examples/paper/build/$name.pdf"
    done
done
