"""Code that several notebooks share: tables, dates, figures, checks and the run itself."""

import sys
from types import ModuleType
from typing import cast

# jsonschema, which frictionless and nbformat load, takes more than a second to build the grammars of internationalised
# addresses, where the library for them is installed (JupyterLab wants it). Nothing here checks that format, and
# jsonschema does without a library that cannot be imported: what stands here as None cannot.
sys.modules.setdefault("rfc3987_syntax", cast(ModuleType, None))
