"""What one waits for: clean builds, builds after a change, tests, and the size of the program, here and at another commit, side by side.

Both are cloned to a temporary folder (neurodyn-build; delete it afterwards) and built there with the same toolchain; sources of dependencies are fetched before. A change is made to activity_map:
a label, then a number of the computation (multiplied by 1); its time runs until the figure is there. Prints a table (Markdown): seconds of the processor, and
on the wall. Takes an hour on two slow cores. Usage: python3 build.py COMMIT [part ...], parts: clean label experiment tests size
"""
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# outside of the tree, whose workspace would claim them
HOME = Path(tempfile.gettempdir()) / "neurodyn-build"
PARTS = ["clean", "label", "experiment", "tests", "size"]
# text of activity_map, and what stands there instead
CHANGES = {"label": (r"preactivation variance $q^l$", r"variance $q^l$"), "experiment": ("variance_map(&theory, q)", "(1.0 * variance_map(&theory, q))")}


def timed(folder, *command):
    """Runs a command; seconds of the processor, and on the wall."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    environment = {key: value for key, value in os.environ.items() if key not in ("CARGO_TARGET_DIR", "CARGO_INCREMENTAL")}
    found = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if found.returncode != 0:
        sys.exit(f"{' '.join(command)} in {folder}:\n{found.stdout[-3000:]}")
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, wall


def clone(name, commit):
    folder = HOME / name
    if not folder.exists():
        subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    subprocess.run(["git", "fetch", "--quiet", ROOT, "HEAD"], cwd=folder, check=True)
    subprocess.run(["git", "checkout", "--quiet", "--force", "--detach", commit], cwd=folder, check=True)
    subprocess.run(["cargo", "fetch", "--locked", "--quiet"], cwd=folder, check=True)
    return folder


def changed(folder, part, program):
    """Changes a file, builds, and has the figure drawn: from stored tables after a label, from new ones after a number."""
    old, new = CHANGES[part]
    module, = folder.glob("src/experiments/**/activity_map.rs")
    text = module.read_text()
    assert old in text, f"{module} has no {old!r}"
    module.write_text(text.replace(old, new))
    build = timed(folder, "cargo", "build", "--release", "--locked")
    draw = timed(folder, program, "draw" if part == "label" else "run", "activity_map")
    module.write_text(text)
    return tuple(map(sum, zip(build, draw)))


class Found(dict):
    """What was measured, said as soon as it is known, so that an interrupted run is not lost."""

    def __setitem__(self, part, values):
        super().__setitem__(part, values)
        print(part, ", ".join(f"{value:.0f}" for value in values), file=sys.stderr, flush=True)


def measure(folder, parts):
    print(folder, file=sys.stderr)
    found = Found()
    program = folder / "target" / "release" / "neurodyn"
    if "clean" in parts:
        shutil.rmtree(folder / "target", ignore_errors=True)
        found["clean"] = timed(folder, "cargo", "build", "--release", "--locked")
    else:
        timed(folder, "cargo", "build", "--release", "--locked")
    if "size" in parts:
        found["size"] = (program.stat().st_size / 1e6,)
    timed(folder, program, "run", "activity_map")
    for part in ("label", "experiment"):
        if part in parts:
            found[part] = changed(folder, part, program)
    if "tests" in parts:
        timed(folder, "cargo", "build", "--release", "--locked")
        found["tests"] = timed(folder, "make", "test")
    return found


def main():
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(PARTS):
        sys.exit(__doc__)
    commit, parts = sys.argv[1], sys.argv[2:] or PARTS
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    other, here = measure(clone("other", commit), parts), measure(clone("here", head), parts)
    names = {"clean": "clean build", "label": "a label changed, until its figure is drawn", "experiment": "an experiment changed, until its figure is drawn",
             "tests": "`make test` from a built tree", "size": "the program, MB"}
    print(f"| | {commit} | {head[:7]} | share |\n|---|---|---|---|")
    for part in (part for part in PARTS if part in here):
        cell = lambda values: ", ".join(f"{value:.0f}" for value in values)
        print(f"| {names[part]} | {cell(other[part])} | {cell(here[part])} | {100 * here[part][0] / other[part][0]:.0f} % |")


if __name__ == "__main__":
    main()
