"""A page of the site that is not a notebook, put together from Markdown and HTML."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from compendium.site.notebooks import html


class Document:
    """A page in the making. It is a notebook, so that its tables and figures take the same way as all others.

    HTML stands in an output and never in Markdown, where a blank line of the data would end it.
    """

    def __init__(self, title: str) -> None:
        """Begin a page; `title` is Markdown."""
        self._cells = [new_markdown_cell(f"# {title}")]

    def say(self, text: str) -> None:
        """Add Markdown. Pass data through `page.md`."""
        self._cells.append(new_markdown_cell(text))

    def show(self, content: str) -> None:
        """Add HTML. Data in it must be escaped."""
        cell = new_code_cell("pass", outputs=[html(content)], execution_count=1)
        cell.metadata["tags"] = ["remove-input"]
        self._cells.append(cell)

    def notebook(self) -> NotebookNode:
        """The page as a notebook, with ids that do not change from build to build."""
        for place, cell in enumerate(self._cells):
            cell.id = f"part-{place}"
        made: NotebookNode = new_notebook(cells=self._cells)
        return made
