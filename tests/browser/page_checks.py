"""Checks that hold for every report."""

from browser import check

NAMES = """
const named = [];
for (const element of document.querySelectorAll('svg[role=img], [tabindex="0"], button, input, a[href], fieldset')) {
  if (element.checkVisibility()) named.push(element);
}
return named;
"""

# contrast of every visible text with what is behind it; in figures, of every label with their paper
CONTRAST = """
const channels = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
const luminance = ([r, g, b]) => {
  const linear = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
};
const ratio = (a, b) => {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = channels(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const failed = [];
let count = 0;
const judge = (element, colour, text, size, bold) => {
  const needed = size >= 24 || (size >= 18.66 && bold) ? 3 : 4.5;
  const found = ratio(channels(colour), behind(element));
  count += 1;
  if (found < needed) failed.push(`${found.toFixed(2)} < ${needed}: ${element.tagName} ${text.trim().slice(0, 40)}`);
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || element.closest('script, style, svg, [hidden], .visually-hidden')) continue;
  if (!element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })) continue;
  const style = getComputedStyle(element);
  judge(element, style.color, walker.currentNode.data, parseFloat(style.fontSize), Number(style.fontWeight) >= 600);
}
for (const label of document.querySelectorAll('.plot svg g[aria-label][fill]')) {
  judge(label.closest('.plot'), getComputedStyle(label).fill, label.getAttribute('aria-label'), 10, false);
}
for (const control of document.querySelectorAll('button, input[type=search]')) {
  const found = ratio(channels(getComputedStyle(control).borderTopColor), behind(control.parentElement));
  count += 1;
  if (found < 3) failed.push(`${found.toFixed(2)} < 3: edge of ${control.id}`);
}
return [count, failed];
"""

STROKES = CONTRAST.split("const failed")[0] + """
const low = [];
let count = 0;
for (const line of document.querySelectorAll('.plot svg [stroke]')) {
  const style = getComputedStyle(line);
  // white edges of markers and the light line under contours are paper on purpose
  if (['#ffffff', '#e8e8e8'].includes(line.getAttribute('stroke'))) continue;
  const found = ratio(channels(style.stroke), behind(line.closest('.plot')));
  count += 1;
  if (found < 3) low.push(`${found.toFixed(2)}: ${line.getAttribute('stroke')}`);
}
return [count, [...new Set(low)]];
"""


def quiet(browser, path):
    """Nothing on the console, nothing asked for but the file."""
    console = browser.console()
    check(not console, f"the console says {console}")
    requests = set(browser.requests())
    check(requests == {path.resolve().as_uri()}, f"asked for {requests}")


def structure(browser):
    """Unique names, headings in order, landmarks, accessible names."""
    repeated = browser.js(
        "const ids = [...document.querySelectorAll('[id]')].map((e) => e.id); return ids.filter((id, i) => ids.indexOf(id) !== i);"
    )
    check(not repeated, f"ids are there twice: {repeated[:5]}")
    levels = browser.js("return [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((h) => Number(h.tagName[1]));")
    check(levels.count(1) == 1 and levels[0] == 1, f"headings {levels}")
    check(all(b - a <= 1 for a, b in zip(levels, levels[1:])), f"headings skip a level: {levels}")
    for selector in ["main", "header", "footer", "nav", "[role=search]", "[aria-live]"]:
        check(browser.js("return document.querySelector(arguments[0]) !== null;", selector), f"no {selector}")
    check(browser.js("return document.documentElement.lang;") == "en", "no language")
    elements = browser.js(NAMES)
    for element in elements:
        check(element.accessible_name.strip(), f"no accessible name: {element.get_attribute('outerHTML')[:200]}")
    figures = browser.js("return document.querySelectorAll('svg[role=img]').length;")
    drawn = browser.js("return document.querySelectorAll('.plot svg').length;")
    check(figures == drawn > 0, f"{figures} of {drawn} drawings are images")
    missing = browser.js(
        """return [...document.querySelectorAll('svg use')].map((u) => u.getAttribute('xlink:href').slice(1))
             .filter((id) => !document.getElementById(id)).length;"""
    )
    check(missing == 0, f"{missing} letters have no outline")
    return f"{len(elements)} elements have names, {len(levels)} headings are in order"


def contrast(browser):
    """WCAG AA in both modes."""
    # what is folded counts too
    browser.js("for (const one of document.querySelectorAll('details')) one.open = true;")
    counts = []
    for theme in ["light", "dark"]:
        browser.js("document.documentElement.dataset.theme = arguments[0];", theme)
        count, failed = browser.js(CONTRAST)
        check(count > 50 and not failed, f"{theme}: {failed[:8]}")
        counts.append(count)
    strokes, low = browser.js(STROKES)
    check(strokes > 10 and not low, f"lines on dark paper: {low}")
    browser.js("delete document.documentElement.dataset.theme; for (const one of document.querySelectorAll('details')) one.open = false;")
    return f"{counts[0]} texts light, {counts[1]} dark, {strokes} lines dark"


def narrow(browser):
    """No scrolling sideways on small screens, folded or not."""
    browser.size(400, 800)
    for opened in ["false", "true"]:
        browser.js(f"for (const one of document.querySelectorAll('details')) one.open = {opened};")
        wide = browser.js("return document.documentElement.scrollWidth;")
        check(wide <= 400, f"the page is {wide} wide on 400 pixels")
    browser.js("for (const one of document.querySelectorAll('details')) one.open = false;")
    browser.size(1280, 900)
    return "nothing sticks out of 400 pixels"


def search(browser, texts):
    """The search shows the figures that have all words; `texts` holds, by figure, what may be found."""
    shown = "return [...document.querySelectorAll('.entry:not([hidden])')].map((e) => e.id.replace('figure-', ''));"
    everything = browser.js(shown)
    check(sorted(everything) == sorted(texts), f"figures {everything}, not {sorted(texts)}")
    queries = sorted({word for text in texts.values() for word in text.split()[:3]})[:12]
    for query in [*queries, "sigma_w = ", "zzz-nothing", ""]:
        browser.js("const q = document.getElementById('query'); q.value = arguments[0]; q.dispatchEvent(new Event('input'));", query)
        words = query.lower().split()
        wanted = sorted(name for name, text in texts.items() if all(word in text.lower() for word in words))
        found = sorted(browser.js(shown))
        check(found == wanted, f"{query!r} finds {found}, not {wanted}")
        said = browser.js("return document.getElementById('found').textContent;")
        number = f"{len(wanted)} of {len(texts)} figure" if words else f"{len(texts)} figure"
        check(said.startswith(number), f"{query!r}: {said!r}, not {number!r}")
        empty = browser.js("return document.getElementById('empty').checkVisibility();")
        check(empty == (not wanted), f"{query!r}: the empty state is {empty}")
        families = browser.js("return [...document.querySelectorAll('.family:not([hidden])')].length;")
        check((families > 0) == bool(wanted), f"{query!r}: {families} families are shown")
    return f"{len(queries) + 3} queries find what they should of {len(texts)} figures"
