"""What the programs of `make trust` share."""
import os, subprocess, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PROGRAM = Path(os.environ.get("NEURODYN_PROGRAM", TARGET / "release/neurodyn"))


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


def debug_build(project):
    """The program of a project without optimisation, with checks of overflow and debug assertions."""
    target = TARGET / "bits"
    environment = {**os.environ, "CARGO_PROFILE_DEV_DEBUG": "false", "CARGO_PROFILE_DEV_INCREMENTAL": "false", "CARGO_TARGET_DIR": str(target)}
    subprocess.run(["cargo", "build", "--quiet", "--locked", "--bin", "neurodyn"], cwd=project, env=environment, check=True)
    return target / "debug/neurodyn"
