"""Checks of the numbers of any report: they are those of the stored tables, and the read-out shows them where they are drawn."""

import csv

from browser import check
from small_checks import READOUT, number, same

DATA = "return JSON.parse(document.getElementById(`data-${arguments[0]}`).textContent);"
# scrolls a figure into view and gives its place on the screen, with the size of its page in hundredths of a point
PLACE = """const plot = document.getElementById(`plot-${arguments[0]}`);
plot.scrollIntoView({ block: 'center', behavior: 'instant' });
const svg = plot.querySelector('svg'), box = svg.getBoundingClientRect(), view = svg.viewBox.baseVal;
return [box.left, box.top, box.width / view.width / 100];"""


def stored(browser, root, experiments):
    """All numbers of all figures, residuals aside, are numbers of the tables of their experiments, to the last bit."""
    count = 0
    for figure, experiment in experiments.items():
        known = set()
        for path in (root / "results" / experiment).glob("*.csv"):
            with open(path, newline="") as file:
                for row in csv.DictReader(file):
                    for cell in row.values():
                        try:
                            known.add(float(cell))
                        except ValueError:
                            pass
        for panel in browser.js(DATA, figure):
            for series in panel["series"]:
                if series["label"].endswith("residual"):
                    continue
                for name, values in zip(series["names"], series["columns"]):
                    foreign = [value for value in values if float(value) not in known]
                    check(not foreign, f"{figure}, {series['label']}, {name}: {foreign[:3]} are in no table")
                    count += len(values)
    return f"{count} numbers of {len(experiments)} figures are those of the tables"


def shown(browser, experiments):
    """In the first and the last series of each figure the middle point can be read where it is drawn."""
    count = 0
    for figure in experiments:
        panels = [panel for panel in browser.js(DATA, figure) if panel["series"]]
        left, top, unit = browser.js(PLACE, figure)
        for panel, series in [(panels[0], panels[0]["series"][0]), (panels[-1], panels[-1]["series"][-1])]:
            index = len(series["x"]) // 2
            x, y = series["x"][index], series["y"][index]
            browser.point(left + x * unit, top + y * unit)
            found = browser.js(READOUT)
            check(found, f"{figure}: no read-out at {x}, {y}")
            # what else is drawn within the reach of the markers may be shown in its place
            near = [
                [column[i] for column in other["columns"]]
                for any_panel in panels
                for other in any_panel["series"]
                for i in range(len(other["x"]))
                if abs(other["x"][i] - x) * unit < 10 and abs(other["y"][i] - y) * unit < 10
            ]
            values = [number(value) for _, value in found["values"]]
            check(any(same(values, wanted) for wanted in near), f"{figure}: {found} at {series['label']}, {index}; near are {near[:4]}")
            count += 1
    return f"{count} read-outs are right"
