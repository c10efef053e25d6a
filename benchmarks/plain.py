"""The cells of the notebooks named as arguments, one after the other in this one process: the practical limit."""

import json
import sys
from pathlib import Path

for name in sys.argv[1:]:
    names: dict[str, object] = {"__name__": "__main__"}
    for cell in json.loads(Path(name).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), name, "exec"), names)
