"""Pictures of a report, to look at."""


def take(browser, path, folder, changed=None):
    """Light, dark, small screen, a read-out; and a change of values where there is one."""
    browser.open(path)
    name = lambda part: folder / f"{changed or 'full'}-{part}.png"
    browser.shot(name("light"))
    browser.js("document.querySelector('.entry').scrollIntoView({ behavior: 'instant' });")
    browser.shot(name("figure"))
    spot = browser.js(
        """const plot = document.querySelector('.plot.broad'), b = plot.getBoundingClientRect();
        plot.scrollIntoView({ block: 'center', behavior: 'instant' });
        const c = plot.getBoundingClientRect(); return [c.left + c.width * 0.1, c.top + c.height * 0.3];"""
    )
    for step in range(0, 300, 6):
        browser.point(spot[0] + step, spot[1] + step / 2)
        if browser.js("return document.querySelector('.readout') !== null;"):
            break
    browser.shot(name("hover"))
    browser.js("document.documentElement.dataset.theme = 'dark';")
    browser.shot(name("dark-hover"))
    for section in ["agreement", "timing", "changes", "main"]:
        browser.js("document.getElementById(arguments[0]).scrollIntoView({ behavior: 'instant' });", section)
        browser.shot(name(f"dark-{section}"))
    browser.js("document.documentElement.dataset.theme = 'light';")
    for section in ["agreement", "timing", "notes"]:
        browser.js("document.getElementById(arguments[0]).scrollIntoView({ behavior: 'instant' });", section)
        browser.shot(name(section))
    if changed:
        browser.js("document.getElementById(arguments[0]).scrollIntoView({ behavior: 'instant' });", f"change-{changed}")
        browser.shot(name("changes"))
    browser.size(400, 800)
    browser.js("window.scrollTo({ top: 0, behavior: 'instant' });")
    browser.shot(name("mobile"))
    browser.js("document.querySelector('.entry').scrollIntoView({ behavior: 'instant' });")
    browser.shot(name("mobile-figure"))
    browser.size(1280, 900)
