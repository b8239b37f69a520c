"""Checks of the report of the small project, whose numbers are known."""

import re

from browser import check
from project import rows

READOUT = """
const box = document.querySelector('.readout');
if (!box) return null;
const text = (node) => node.textContent;
const values = [...box.querySelectorAll('tr')].map((row) => [text(row.children[0]), text(row.children[1])]);
return { label: text(box.querySelector('b')), values };
"""
# centres of the round markers of a panel in client pixels, as they are drawn
CIRCLES = """
const [plot, panel] = [document.getElementById(arguments[0]), arguments[1]];
plot.scrollIntoView({ block: 'center', behavior: 'instant' });
const svg = plot.querySelector('svg');
const group = [...svg.querySelectorAll('g')].find((g) => g.getAttribute('aria-label') === panel);
const paths = [...group.querySelectorAll('g[aria-label="data"] path[fill]')].filter((p) => / 0 1 0 /.test(p.getAttribute('d')));
const [box, view] = [svg.getBoundingClientRect(), svg.viewBox.baseVal];
const scale = box.width / view.width;
const found = [];
for (const path of paths) {
  for (const [, x, y, r] of path.getAttribute('d').matchAll(/M(-?[\\d.]+) ?(-?[\\d.]+)a([\\d.]+) /g)) {
    found.push([box.left + (Number(x) + Number(r)) * scale, box.top + Number(y) * scale]);
  }
}
return found;
"""


def same(found, wanted):
    """Whether numbers of the page are these, rounded to six digits."""
    wanted = [float(value) for value in wanted]
    return len(found) == len(wanted) and all(abs(a - b) <= 5.01e-6 * abs(b) for a, b in zip(found, wanted))


def number(text):
    return float(text.replace("\u2212", "-").replace("\u00b1", "").strip())


def hover(browser, root):
    """Over each round marker of the first panel the read-out shows the numbers of its row in the CSV file."""
    layers = [row for row in rows(root, "small", "layers") if float(row["sigma_w"]) == 1.3]
    circles = browser.js(CIRCLES, "plot-small", "panel (a)")
    check(len(circles) >= 4, f"{len(circles)} markers")
    seen = set()
    for x, y in circles:
        browser.point(x, y)
        found = browser.js(READOUT)
        check(found, f"no read-out at {x}, {y}")
        spot = browser.js("const b = document.querySelector('.spot').getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2];")
        check(abs(spot[0] - x) < 4 and abs(spot[1] - y) < 4, f"the ring is at {spot}, the marker at {x}, {y}")
        values = [number(value) for _, value in found["values"]]
        initial = re.search(r"A0\s*=\s*([\d.]+)", found["label"])
        if initial is None:
            continue
        row = next(r for r in layers if float(r["layer"]) == values[0] and float(r["initial_activity"]) == float(initial[1]))
        if "Monte Carlo" in found["label"]:
            wanted = [row["layer"], row["activity_mc"], row["activity_stderr"]]
            check(same(values, wanted), f"{found}, not {wanted}")
            seen.add((initial[1], values[0]))
        elif "residual" in found["label"]:
            mc, theory, bias, error = (float(row[f"activity_{part}"]) for part in ["mc", "theory", "correction", "stderr"])
            z = (mc - theory - bias) / error if error else 0.0
            check(abs(values[1] - z) <= 1e-4 * max(1.0, abs(z)), f"{found}, not {z}")
            seen.add(("z", values[0]))
        else:
            check(same(values[1:], [row["activity_theory"]]), f"{found}, not {row['activity_theory']}")
    check(len(seen) >= 4, f"only {seen} were seen")
    browser.point(2, 2)
    check(browser.js(READOUT) is None, "the read-out stays when the pointer is gone")
    return f"{len(circles)} markers, {len(seen)} of them of Monte Carlo and residuals, show the numbers of their rows"


def keyboard(browser, root):
    """Everything can be reached and left by keyboard; arrow keys read every number of a series."""
    browser.js("window.scrollTo(0, 0); document.activeElement.blur();")
    browser.press("Tab")
    skip = browser.js("const e = document.activeElement; return [e.className, e.getBoundingClientRect().top >= 0];")
    check(skip == ["skip", True], f"the first stop is {skip}")
    browser.press("Enter")
    check(browser.js("return document.activeElement.id;") == "main", "the skip link does not lead to the report")
    browser.press("/")
    check(browser.js("return document.activeElement.id;") == "query", "/ does not lead to the search")
    for letter in "plane":
        browser.press(letter)
    check(browser.js("return document.getElementById('found').textContent;").startswith("1 of"), "typing does not search")
    browser.press("Escape")
    check(browser.js("return document.getElementById('query').value;") == "", "Escape does not clear the search")
    # by Tab to the first figure of the experiment, with a focus that can be seen
    stops = 0
    while browser.js("return document.activeElement.id;") != "plot-small":
        browser.press("Tab")
        stops += 1
        check(stops < 80, "the figure cannot be reached")
    outline = browser.js("const s = getComputedStyle(document.activeElement); return [s.outlineStyle, parseFloat(s.outlineWidth)];")
    check(outline[0] == "solid" and outline[1] >= 2, f"focus is shown as {outline}")
    spoken = "return document.getElementById('spoken').textContent;"
    # the first Monte Carlo series
    browser.press("ArrowRight")
    tried = 0
    while "Monte Carlo" not in browser.js(spoken):
        browser.press("ArrowDown")
        tried += 1
        check(tried < 12, f"no Monte Carlo: {browser.js(spoken)}")
    browser.press("Home")
    heard = []
    for _ in range(4):
        heard.append(browser.js(spoken))
        browser.press("ArrowRight")
    layers = [row for row in rows(root, "small", "layers") if float(row["sigma_w"]) == 1.3 and float(row["initial_activity"]) == 0.2]
    for index, (text, row) in enumerate(zip(heard, layers)):
        check(text.startswith("Panel a, σ_w = 1.3, A^0 = 0.2, Monte Carlo") and f"{index + 1} of 4" in text, text)
        values = [number(value) for value in re.findall(r"= ([\u2212\d.e-]+)", text)]
        check(same(values[2:], [row["layer"], row["activity_mc"], row["activity_stderr"]]), f"{text}, not {row}")
    check(browser.js(spoken) == heard[-1], "the last point is not the end")
    browser.press("PageDown")
    browser.press("PageDown")
    check(browser.js(spoken).startswith("Panel b"), browser.js(spoken))
    browser.press("Escape")
    check(browser.js(READOUT) is None and browser.js(spoken) == "", "Escape does not leave")
    return f"{stops} stops from the search to the figure, {len(heard)} points read aloud"


def theme(browser, path):
    """The system's choice holds until the button is pressed, and that is remembered."""
    colours = """return [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color,
      getComputedStyle(document.querySelector('.plot')).backgroundColor,
      getComputedStyle(document.querySelector('#plot-small svg g[aria-label][fill]')).fill,
      getComputedStyle(document.querySelector('#plot-small svg g[aria-label="data"] [stroke="#561f6e"]')).stroke];"""
    browser.media(prefers_color_scheme="light")
    light = browser.js(colours)
    browser.media(prefers_color_scheme="dark")
    dark = browser.js(colours)
    check(all(a != b for a, b in zip(light, dark)), f"{light} and {dark}")
    pressed = "return document.getElementById('theme').getAttribute('aria-pressed');"
    check(browser.js(pressed) == "true", "the button does not know that it is dark")
    browser.js("document.getElementById('theme').click();")
    check(browser.js(colours) == light and browser.js(pressed) == "false", "the button does not make it light")
    browser.open(path)
    check(browser.js(colours) == light, "the choice is forgotten")
    browser.media(prefers_color_scheme="light")
    browser.js("document.getElementById('theme').click();")
    check(browser.js(colours) == dark, "the button does not make it dark")
    heat = "return getComputedStyle(document.querySelector('#plot-plane [shape-rendering]')).fill;"
    fill = browser.js(heat)
    browser.js("document.getElementById('theme').click();")
    check(browser.js(heat) == fill, "the colours of a heat map change")
    browser.js("localStorage.clear(); delete document.documentElement.dataset.theme;")
    browser.media()
    return "five colours change, by system and by button, and are remembered; heat maps keep theirs"


def changes(browser):
    """Old and new figures stand side by side, differ, and can be looked at alone or in turns."""
    places = """const place = (name) => { const e = document.getElementById(name), b = e.getBoundingClientRect();
      return { left: b.left, top: b.top, width: b.width, seen: e.checkVisibility({ visibilityProperty: true }) }; };
      return [place('plot-small-old'), place('plot-small-new')];"""
    old, new = browser.js(places)
    check(old["seen"] and new["seen"] and old["top"] == new["top"] and old["left"] + old["width"] <= new["left"], f"{old} {new}")
    same = browser.js("const d = (n) => document.querySelector(`#plot-small-${n} svg > g`).innerHTML; return d('old') === d('new');")
    check(not same, "old and new are the same")
    current = browser.js("const d = (n) => document.querySelector(`#plot-small${n} svg > g`).innerHTML; return d('') === d('-new');")
    check(current, "the new figure is not that of the gallery")
    text = browser.js("return document.getElementById('change-small').textContent;")
    for part in ["differs from golden data", "activity_mc", "within statistical error"]:
        check(part in text, f"{part} is not said")
    choose = "document.querySelector(`#change-small input[value=${arguments[0]}]`).click();"
    for view in ["old", "new"]:
        browser.js(choose, view)
        old, new = browser.js(places)
        check((old["seen"], new["seen"]) == (view == "old", view == "new") and old["left"] == new["left"], f"{view}: {old} {new}")
    browser.js(choose, "blink")
    seen = browser.driver.execute_async_script(
        """const [done] = [arguments[0]], seen = [];
        const look = () => {
          seen.push(document.getElementById('plot-small-old').checkVisibility({ visibilityProperty: true }));
          if (seen.length === 30) done(seen); else setTimeout(look, 100);
        };
        look();"""
    )
    check(True in seen and False in seen, f"nothing blinks: {seen}")
    browser.js(choose, "both")
    browser.media(prefers_reduced_motion="reduce")
    blink = browser.js("return document.querySelector('#change-small input[value=blink]').checkVisibility();")
    smooth = browser.js("return getComputedStyle(document.documentElement).scrollBehavior;")
    check(not blink and smooth == "auto", "motion is not reduced")
    browser.media()
    return "side by side, alone, in turns; not in turns where motion is to be reduced"


def hostile(browser):
    """Text of experiment files stayed text."""
    check(browser.js("return window.hostile === undefined && document.querySelector('img') === null;"), "hostile text ran")
    shown = browser.js("return document.getElementById('figure-hostile').textContent.includes('<script>window.hostile = 1</script>');")
    check(shown, "hostile text is not shown as it is")
    return "it is shown as it stands"


def paper(browser):
    """Printed, the page is light and its controls are gone."""
    browser.media("print", prefers_color_scheme="dark")
    seen = browser.js("return [getComputedStyle(document.body).backgroundColor, document.querySelector('.top').checkVisibility()];")
    check(seen == ["rgb(255, 255, 255)", False], f"{seen}")
    browser.media()
    pages = browser.command("Page.printToPDF")["data"]
    check(len(pages) > 10000, "no pages")
    return "light, without controls"
