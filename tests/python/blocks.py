"""Runs the Python of a page, block after block in one module, as a reader would type it."""
import sys
from pathlib import Path

blocks = Path(sys.argv[1]).read_text(encoding="utf-8").split("```python\n")[1:]
names = {"__name__": "page"}
for number, block in enumerate(blocks, 1):
    exec(compile(block.split("```")[0], f"block {number}", "exec"), names)
print(f"names: {', '.join(sorted(name for name in names if name[0] != '_'))}")
