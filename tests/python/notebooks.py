"""Executes notebooks in a copy of what they read, and holds what they print against what is stored in them; `accept` stores it.

What may differ between machines is not stored: how a frame is drawn in HTML, counters, times.
"""
import json, os, shutil, sys, tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(os.environ["NEURODYN_ROOT"])
# most bytes of what one notebook shows
MOST = 100_000


def lasting(output):
    """What of an output is stored."""
    kind = output["output_type"]
    if kind == "stream":
        return {"name": output["name"], "output_type": kind, "text": output["text"]}
    data = {mime: text for mime, text in output["data"].items() if mime in ("text/plain", "image/svg+xml")}
    shown = {"data": data, "metadata": {}, "output_type": kind}
    return {**shown, "execution_count": None} if kind == "execute_result" else shown


def merged(outputs):
    """Outputs as they last; lines of one stream may arrive in any number of pieces."""
    found = []
    for output in map(lasting, outputs):
        if found and output["output_type"] == "stream" == found[-1]["output_type"] and output["name"] == found[-1]["name"]:
            found[-1]["text"] += output["text"]
        else:
            found.append(output)
    return found


def main():
    accept = sys.argv[1] == "accept"
    for path in sorted(Path(sys.argv[-1]).glob("*.ipynb")):
        stored = nbformat.read(path, as_version=4)
        notebook = nbformat.read(path, as_version=4)
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "experiments", Path(folder, "experiments"))
            shutil.copytree(ROOT / "tests/golden", Path(folder, "tests/golden"))
            here = Path(folder, "examples/notebooks")
            here.mkdir(parents=True)
            # an error in a cell is raised here, with the cell
            NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(here)}}).execute()
        size = 0
        for number, (cell, before) in enumerate(zip(notebook.cells, stored.cells)):
            if cell.cell_type != "code":
                continue
            found = merged(cell.outputs)
            size += len(json.dumps(found))
            if any(output.get("name") == "stderr" for output in found):
                sys.exit(f"{path.name}, cell {number}: it says on standard error: {found}")
            if accept:
                cell.outputs = [nbformat.from_dict(output) for output in found]
                cell.execution_count = None
                cell.metadata = {}
            elif json.loads(json.dumps(before.outputs)) != found:
                sys.exit(f"{path.name}, cell {number}: found {json.dumps(found)[:3000]}; stored is {json.dumps(before.outputs)[:3000]}; `tests/python/run accept` stores what is found")
        if size > MOST:
            sys.exit(f"{path.name}: {size} bytes are shown; allowed are {MOST}")
        if accept:
            notebook.metadata = stored.metadata
            text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
            path.write_text(text + "\n", encoding="utf-8")
        print(f"{path.name} ({size} bytes shown)", flush=True)


main()
