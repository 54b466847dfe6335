"""Ways to follow a piece of work: pass one as ``progress=``. Nothing is shown without."""

from __future__ import annotations

from borderlab.base.progress import Cancel, Cancelled, Progress, Terminal

terminal = Terminal
"""``progress=bl.progress.terminal()``: a bar, or lines, on standard error."""


class Notebook:
    """``progress=bl.progress.notebook()``: one line in a notebook that is written over as the work goes on."""

    def __init__(self) -> None:
        self._shown = None

    def __call__(self, label: str, share: float) -> None:
        from html import escape

        try:
            from IPython.display import HTML, display
        except ModuleNotFoundError:
            return
        bar = f"<progress value='{share:.3f}' max='1'></progress> {escape(label)} {share:.0%}"
        if self._shown is None:
            self._shown = display(HTML(bar), display_id=True)
        else:
            self._shown.update(HTML(bar))

    def remark(self, text: str) -> None:
        """A remark on the work, as a line of its own."""
        from html import escape

        try:
            from IPython.display import HTML, display
        except ModuleNotFoundError:
            return
        display(HTML(escape(text)))


notebook = Notebook

__all__ = ["Cancel", "Cancelled", "Notebook", "Progress", "Terminal", "notebook", "terminal"]
