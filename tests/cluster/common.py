"""What the cluster tests share: a project in a scratch folder, its single run, waiting, and comparing bytes."""

import os
import subprocess
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
NEURODYN = REPOSITORY / "target" / "release" / "neurodyn"
ID = "cluster"
EXPERIMENT = """experiment = "activity_convergence"
family = "activity"
title = "A sweep for the cluster tests"
seed = 7
values = 1

[parameters]
activation = "tanh"
sigma_w = [1.3, 2.5]
sigma_b = 0.3
initial_activities = [0.2, 1.0, 1.5]
depth = 10
width = 2000
replicas = { target_stderr = 8e-5, at_most = REPLICAS }
"""

# of other families, as they are shipped: the observables of each replica are kept, in the second of many replicas at a time
SHIPPED = ("metric_length", "singular_online")


class Failure(Exception):
    """A check that does not hold."""


def say(text):
    print(f"[cluster] {text}", flush=True)


def run(command, timeout=120, **options):
    """Output of a command that must succeed."""
    command = [str(word) for word in command]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout, **options)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def wait(what, holds, timeout=120, interval=0.2):
    """Waits until `holds()` is true, and returns what it gives."""
    end = time.monotonic() + timeout
    while True:
        found = holds()
        if found:
            return found
        if time.monotonic() > end:
            raise Failure(f"{what}: not after {timeout} s")
        time.sleep(interval)


def shipped(module):
    """The file of a shipped experiment, under another name."""
    text = (REPOSITORY / "experiments" / f"{module}.toml").read_text()
    return text.replace("\nfamily = ", f'\nexperiment = "{module}"\nfamily = ', 1)


def project(scratch, experiment):
    """A project with one sweep, run and accepted by a single process; the folder of its output."""
    root = scratch / "project"
    (root / "experiments").mkdir(parents=True)
    (root / "experiments" / f"{ID}.toml").write_text(experiment)
    single = scratch / "single"
    start = time.monotonic()
    run([NEURODYN, "--root", root, "--quiet", "run", ID, "--out", single], timeout=600)
    run([NEURODYN, "--root", root, "accept", ID, "--out", single])
    say(f"single run: {time.monotonic() - start:.1f} s")
    return root


def compare(scratch, merged):
    """Every CSV and SVG of the merge has the bytes of the single run."""
    single = scratch / "single"
    names = sorted(path.relative_to(single) for suffix in ("csv", "svg") for path in single.rglob(f"*.{suffix}"))
    if len(names) < 3:
        raise Failure(f"the single run wrote only {names}")
    for name in names:
        if (merged / name).read_bytes() != (single / name).read_bytes():
            raise Failure(f"{merged / name} differs from the single run")
    say(f"{len(names)} files have the same bytes")


def script(root, engine, shards, folder, *flags):
    """A printed job script."""
    command = [NEURODYN, "--root", root, "shard", "script", ID, "--engine", engine, "--shards", shards, "--dir", folder]
    return run([*command, *flags])


def environment(**variables):
    return {**os.environ, **{name: str(value) for name, value in variables.items()}}
