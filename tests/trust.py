#!/usr/bin/env python3
"""All that `make trust` measures, part after part, and what the parts share. `trust.py` runs them in full, which takes hours; `trust.py short` in
short. Each part is a program of its own, whose last line says what it found; these lines are kept in target/trust, so that after an interruption
the parts go on that are missing. A part is measured again when the program, the experiments or the part itself changed.
"""
import hashlib, os, subprocess, sys, time, tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PROGRAM = Path(os.environ.get("NEURODYN_PROGRAM", TARGET / "release/neurodyn"))
# each part and what makes it short; the fuzzer has no short form, since `make test` replays its corpus
PARTS = {"tests/bits/run": ["short"], "tests/calibration/run": ["short"], "tests/streams/run": ["short"], "tests/faults/run": ["short"],
         "tests/hostile/absurd": ["short"], "fuzz/run": None, "tests/sanitizer/run": ["short"], "tests/package/run": []}

# files that say when and where they were made
VARYING = {"run.json", "stamp.json"}
# experiments for programs that take a hundred times as long, which get less to do
QUICKEST = ["activity_map", "distance_map", "singular_cone", "singular_fisher", "singular_blow_down", "curvature_jet"]


def reduced(experiment):
    """Settings with which an experiment has few networks, whatever its parameters call their number."""
    parameters = tomllib.loads((ROOT / f"experiments/{experiment}.toml").read_text())["parameters"]
    return [f"parameters.{name}=40" for name in parameters if name.endswith("replicas")]


def fail(part, text):
    sys.exit(f"trust: {part}: FAILED: {text}")


def say(part, text):
    print(f"trust: {part}: {text}", flush=True)


def error_lines(errors):
    """What a user sees as errors; there should be one."""
    return [line for line in errors.splitlines() if "error:" in line]


def built(*what):
    """Builds with cargo, unless another program is to be tested."""
    if "NEURODYN_PROGRAM" not in os.environ:
        subprocess.run(["cargo", "build", "--release", "--quiet", *what], cwd=ROOT, check=True)


def compute(part, command, names, out, where, environment=None, cwd=ROOT, settings=()):
    """What `run` of a program writes for some experiments of this project, by its place in the folder, and the seconds that took."""
    began = time.monotonic()
    options = ["--root", str(ROOT), "--quiet", "--out", str(out)] + [word for setting in settings for word in ("--set", setting)]
    done = subprocess.run([*command, "run", *names, *options], cwd=cwd, capture_output=True, text=True, env={**os.environ, **(environment or {})})
    if done.returncode:
        fail(part, f"{where}: exit code {done.returncode}: {done.stderr[-1000:]}")
    files = {path.relative_to(out): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file() and path.name not in VARYING}
    return files, time.monotonic() - began


def compare(part, where, found, meant, seconds):
    """Says that the same files have the same bytes, or fails."""
    if set(found) != set(meant):
        fail(part, f"{where}: other files: {sorted(map(str, set(found) ^ set(meant)))}")
    different = [str(path) for path in meant if found[path] != meant[path]]
    if different:
        fail(part, f"{where}: other bytes in {', '.join(different[:5])} and {max(0, len(different) - 5)} more")
    print(f"{where}: {len(found)} files, the same bits ({seconds:.0f} s)", flush=True)


def build(project, profile, *options, environment=None):
    """The program of a project in another profile: `dev`, without optimisation, or `checked`; both check overflow and debug assertions."""
    target = TARGET / "bits"
    environment = {**os.environ, "CARGO_PROFILE_DEV_DEBUG": "false", "CARGO_PROFILE_DEV_INCREMENTAL": "false", "CARGO_TARGET_DIR": str(target),
                   **(environment or {})}
    # with options the lock file may have to say where a crate comes from
    command = ["cargo", "build", "--quiet", *(options or ["--locked"]), "--bin", "neurodyn", "--profile", profile]
    subprocess.run(command, cwd=project, env=environment, check=True)
    triple = options[options.index("--target") + 1] if "--target" in options else ""
    return target / triple / ("debug" if profile == "dev" else profile) / "neurodyn"


def digest(*paths):
    """Of files and folders, but for what fuzzers and compilers leave there."""
    found = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and not {"target", "artifacts"} & set(file.relative_to(path).parts):
                found.update(f"{file}\n{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def outcome(command):
    """Runs a part and shows what it says; its last line, and whether it ended well."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    last = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        last = line.rstrip() or last
    return last, process.wait() == 0


def main():
    short = sys.argv[1:] == ["short"]
    if sys.argv[1:] and not short:
        sys.exit("say nothing, or short")
    kept = TARGET / "trust" / ("short" if short else "full")
    kept.mkdir(parents=True, exist_ok=True)
    built("--bin", "neurodyn")
    # the unit tests are in the sources alone
    shared = digest(PROGRAM, *(ROOT / name for name in ["src", "crates", "experiments", "Cargo.toml", "Cargo.lock", "tests/trust.py", "tests/golden"]))
    lines, bad = [], 0
    for part, words in PARTS.items():
        if short and words is None:
            continue
        record, current = kept / part.replace("/", "-"), shared + digest((ROOT / part).parent)
        if record.exists() and (said := record.read_text().splitlines())[0] == current:
            lines.append(said[1])
            continue
        print(f"-- {part}", flush=True)
        began = time.monotonic()
        line, good = outcome([str(ROOT / part), *(words if short else [])])
        print(f"-- {(time.monotonic() - began) / 60:.1f} minutes", flush=True)
        lines.append(line if good or "FAILED" in line else f"trust: {part}: FAILED: {line}")
        bad += not good
        if good:
            new = record.with_suffix(".new")
            new.write_text(f"{current}\n{line}\n")
            new.rename(record)
    print("\n" + "\n".join(lines))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("interrupted; parts that were finished before are kept")
