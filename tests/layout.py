"""What is wrong with the layout of a figure: texts that are cut, that overlap, or that are too small to read."""

from matplotlib.figure import Figure
from matplotlib.text import Text

SMALLEST = 8  # points


def layout_faults(fig: Figure) -> list[str]:
    """Texts of a figure that are cut at its edge or that overlap one another: one sentence each."""
    fig.canvas.draw()
    texts = [text for text in fig.findobj(Text) if text.get_visible() and text.get_text().strip()]
    hidden = _not_drawn(fig)
    boxes = [(text, text.get_window_extent()) for text in texts if text not in hidden]
    edge = fig.bbox
    small = [f"{_words(text)} is too small" for text, _ in boxes if text.get_size() < SMALLEST]
    faults = [
        f"{_words(text)} is cut"
        for text, box in boxes
        if box.x0 < edge.x0 - 1 or box.y0 < edge.y0 - 1 or box.x1 > edge.x1 + 1 or box.y1 > edge.y1 + 1
    ]
    upright = [
        (text, box) for text, box in boxes if not text.get_rotation()
    ]  # boxes of slanted texts cross harmlessly
    for i, (text, box) in enumerate(upright):
        for other, its in upright[i + 1 :]:
            width = min(box.x1, its.x1) - max(box.x0, its.x0)
            height = min(box.y1, its.y1) - max(box.y0, its.y0)
            if width > 1 and height > 1:
                faults.append(f"{_words(text)} and {_words(other)} overlap")
    return faults + small


def _words(text: Text) -> str:
    return repr(text.get_text().replace("\n", " "))


def _not_drawn(fig: Figure) -> set[Text]:
    """Labels of ticks that exist outside the limits of their axis, and all of axes that are switched off."""
    found: set[Text] = set()
    for ax in fig.axes:
        for axis, place in ((ax.xaxis, 0), (ax.yaxis, 1)):
            low, high = sorted(axis.get_view_interval())
            found |= {
                text
                for text in axis.findobj(Text)
                if text is not axis.label and not (ax.axison and low <= text.get_position()[place] <= high)
            }
    return found
