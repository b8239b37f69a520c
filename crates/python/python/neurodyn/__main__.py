"""The program ``neurodyn``, as ``cargo install`` puts it on the path: the same code, the same bytes, the same exit codes."""

import os
import shutil
import signal
import sys
from typing import NoReturn

from . import _neurodyn


def main() -> NoReturn:
    """Run the program with the words of the command line."""
    # the program hears Ctrl-C itself
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    called = sys.argv[0]
    if os.path.basename(called) == "__main__.py":
        called = shutil.which("neurodyn") or "neurodyn"
    sys.exit(_neurodyn.main([called, *sys.argv[1:]]))


if __name__ == "__main__":
    main()
