"""Charts as PNG. Every figure they show is also in a table beside them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from mailroom.reporting.status import AGE_BOUNDS, DailyStatus

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CLERK, ANSWER, MOVING = "#b4572e", "#d9a441", "#3d6fb4"
_INK, _FAINT = "#1c2733", "#66717f"
_DPI = 160


def trend_chart(status: DailyStatus) -> bytes:
    """Return received and done per day over the last fourteen days."""
    from matplotlib.ticker import MaxNLocator

    figure, axes = _figure(6.0, 2.5)
    days = range(len(status.trend))
    received = [count for _, count, _ in status.trend]
    done = [count for _, _, count in status.trend]
    axes.bar([day - 0.2 for day in days], received, width=0.38, color="#a9b8cc", label="received")
    axes.bar([day + 0.2 for day in days], done, width=0.38, color=MOVING, label="done")
    axes.set_xticks(list(days)[::-2], [f"{day:%d %b}" for day, _, _ in status.trend][::-2])
    axes.set_ylim(0, max(*received, *done, 4) * 1.15)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.grid(axis="y", color="#e4e8ee", linewidth=0.8)
    axes.legend(loc="upper left", ncols=2, frameon=False, fontsize=8, labelcolor=_INK, handlelength=1.0)
    return _png(figure)


def ageing_chart(status: DailyStatus) -> bytes:
    """Return open invoices by age, stacked by whom they wait for."""
    from matplotlib.ticker import MaxNLocator

    figure, axes = _figure(6.0, 2.3)
    ageing = status.figures.ageing
    left = [0] * len(AGE_BOUNDS)
    for (name, counts), colour in zip(ageing.groups, (CLERK, ANSWER, MOVING), strict=True):
        axes.barh([label for label, _ in AGE_BOUNDS], counts, left=left, color=colour, label=name, height=0.62)
        left = [start + count for start, count in zip(left, counts, strict=True)]
    for place, total in enumerate(ageing.totals):
        if total:
            axes.text(total, place, f" {total}", va="center", fontsize=8, color=_INK)
    axes.invert_yaxis()
    axes.set_xlim(0, max(*ageing.totals, 4) * 1.12)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.grid(axis="x", color="#e4e8ee", linewidth=0.8)
    axes.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=3, frameon=False, fontsize=8, handlelength=1.0)
    return _png(figure)


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    # Figure without pyplot: no global state, so reports can be made in threads, and no display is looked for.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=_DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=8, labelcolor=_FAINT)
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)
    return figure, axes


def _png(figure: Figure) -> bytes:
    written = io.BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()
