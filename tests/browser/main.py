"""Reports in headless chromium. `--shots DIR` keeps pictures."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import number_checks
import page_checks
import small_checks
from browser import Browser
from project import REPOSITORY, Failure, make, neurodyn
from shots import take


def texts(root):
    """What may be found of each figure: names, family, seed, parameters; and what only the page says of it."""
    found = {}
    for listing in json.loads(neurodyn(root, "list", "--json")):
        file = (root / "experiments" / f"{listing['id']}.toml").read_text()
        for figure in listing["figures"]:
            found[Path(figure).stem] = "\n".join([listing["id"], listing["family"], str(listing["seed"]), Path(figure).stem, file])
    return found


def experiments(root):
    """The experiment of each figure."""
    listings = json.loads(neurodyn(root, "list", "--json"))
    return {Path(figure).stem: listing["id"] for listing in listings for figure in listing["figures"]}


def with_captions(browser, found):
    """Adds titles, captions, digests and citations, as the page shows them."""
    script = "const e = document.getElementById(`figure-${arguments[0]}`); return [...e.querySelectorAll('h4, .caption, .digest, .sentence')].map((p) => p.textContent).join('\\n');"
    return {name: f"{text}\n{browser.js(script, name)}" for name, text in found.items()}


class Checks:
    def __init__(self):
        self.passed = 0

    def __call__(self, name, check, *arguments):
        said = check(*arguments) or "ok"
        self.passed += 1
        print(f"[browser] {name}: {said}", flush=True)


def every(checks, browser, path, root):
    browser.open(path)
    checks("console and network", page_checks.quiet, browser, path)
    checks("structure", page_checks.structure, browser)
    checks("search", page_checks.search, browser, with_captions(browser, texts(root)))
    checks("numbers", number_checks.stored, browser, root, experiments(root))
    checks("read-outs", number_checks.shown, browser, experiments(root))
    checks("contrast", page_checks.contrast, browser)
    checks("small screen", page_checks.narrow, browser)


def small(checks, root, shots):
    path = make(root)
    print("[browser] the report of a small project")
    with Browser() as browser:
        every(checks, browser, path, root)
        checks("hostile text", small_checks.hostile, browser)
        checks("read-outs by pointer", small_checks.hover, browser, root)
        checks("keyboard", small_checks.keyboard, browser, root)
        checks("light and dark", small_checks.theme, browser, path)
        checks("value changes", small_checks.changes, browser)
        checks("print", small_checks.paper, browser)
        checks("console and network, afterwards", page_checks.quiet, browser, path)
        if shots:
            take(browser, path, shots, changed="small")


def full(checks, shots):
    try:
        neurodyn(REPOSITORY, "--quiet", "report")
    except Failure as failure:
        print(f"[browser] no report of the whole project: {str(failure).splitlines()[-1]}")
        return
    path = REPOSITORY / "report" / "index.html"
    print(f"[browser] the report of the whole project, {path.stat().st_size / 1e6:.1f} MB")
    with Browser() as browser:
        every(checks, browser, path, REPOSITORY)
        if shots:
            take(browser, path, shots)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shots", type=Path)
    shots = parser.parse_args().shots
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    checks = Checks()
    try:
        with tempfile.TemporaryDirectory(prefix="neurodyn-report-") as scratch:
            small(checks, Path(scratch) / "project", shots)
        full(checks, shots)
    except Failure as failure:
        print(f"[browser] FAILED: {failure}", file=sys.stderr)
        return 1
    print(f"[browser] {checks.passed} checks passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
