"use strict";
// the numbers of a figure under the pointer or, with the arrow keys, one after the other
{
  const spoken = document.getElementById("spoken");
  const digits = (value) => String(Number(value.toPrecision(6))).replace(/-/g, "\u2212");
  const make = (name, parent, text) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  };
  // a label in plain text, its scripts set low and high
  const set = (parent, text) => {
    for (const part of text.split(/ ?([_^](?:\([^()]*\)|\d+|.))/u)) {
      const script = /^[_^]/u.test(part) && part.length > 1;
      if (script) make(part[0] === "_" ? "sub" : "sup", parent, part.slice(1).replace(/^\((.*)\)$/u, "$1"));
      else if (part) parent.append(part);
    }
  };

  class Readout {
    constructor(plot) {
      this.plot = plot;
      this.sheet = plot.querySelector(".drawing");
      this.svg = plot.querySelector("svg");
      this.at = null;
      plot.addEventListener("pointermove", (event) => this.point(event));
      plot.addEventListener("pointerdown", (event) => this.point(event));
      plot.addEventListener("pointerleave", () => this.hide());
      plot.addEventListener("keydown", (event) => this.key(event));
      plot.addEventListener("blur", () => this.hide());
    }

    // panels with something in them; read when first needed
    get panels() {
      const text = document.getElementById(this.plot.dataset.numbers).textContent;
      const panels = JSON.parse(text).filter((panel) => panel.series.length);
      Object.defineProperty(this, "panels", { value: panels });
      return panels;
    }

    point(event) {
      const box = this.svg.getBoundingClientRect();
      const unit = box.width / (100 * this.svg.viewBox.baseVal.width);
      const [x, y] = [(event.clientX - box.left) / unit, (event.clientY - box.top) / unit];
      const reach = 36 / unit;
      let [best, least] = [null, Infinity];
      this.panels.forEach((panel, p) => {
        const [left, top, right, bottom] = panel.frame;
        const edge = 8 / unit;
        if (x < left - edge || x > right + edge || y < top - edge || y > bottom + edge) return;
        panel.series.forEach((series, s) => {
          // what lies on top comes first: points with standard errors, then all else, then cells
          const handicap = series.cells ? reach / 4 : series.names.includes("standard error") ? 0 : 3 / unit;
          for (let i = 0; i < series.x.length; i += 1) {
            const distance = Math.hypot(series.x[i] - x, series.y[i] - y) + handicap;
            if (distance < least) [best, least] = [[p, s, i], distance];
          }
        });
      });
      if (best && least <= reach) this.show(best);
      else this.hide();
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { panels } = this;
      if (!panels.length) return;
      if (event.key === "Escape") return void (this.hide(), (spoken.textContent = ""));
      const steps = { ArrowRight: [0, 0, 1], ArrowLeft: [0, 0, -1], ArrowDown: [0, 1, 0], ArrowUp: [0, -1, 0], PageDown: [1, 0, 0],
        PageUp: [-1, 0, 0], Home: [0, 0, -Infinity], End: [0, 0, Infinity] };
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      const within = (value, count) => Math.min(Math.max(value, 0), count - 1);
      let next = [0, 0, 0];
      if (this.at) {
        const [p, s, i] = this.at;
        const panel = within(p + step[0], panels.length);
        const series = panel === p ? within(s + step[1], panels[p].series.length) : 0;
        // another series: the point that is nearest across
        const point = series === s && panel === p ? within(i + step[2], panels[p].series[s].x.length) : this.across(panel, series);
        next = [panel, series, point];
      }
      this.show(next);
      spoken.textContent = this.words(next);
    }

    across(p, s) {
      const [p0, s0, i0] = this.at;
      if (p !== p0) return 0;
      const [from, to] = [this.panels[p0].series[s0], this.panels[p].series[s]];
      let best = 0;
      to.x.forEach((x, i) => {
        const far = (j) => Math.hypot(to.x[j] - from.x[i0], (to.y[j] - from.y[i0]) / 100);
        if (far(i) < far(best)) best = i;
      });
      return best;
    }

    words([p, s, i]) {
      const panel = this.panels[p];
      const series = panel.series[s];
      const values = series.names.map((name, c) => `${name} = ${digits(series.columns[c][i])}`).join(", ");
      const title = panel.title ? `${panel.title}, ` : "";
      const where = (panel.letter ? `Panel ${panel.letter}, ` : "") + title;
      return `${where}${series.label}, ${i + 1} of ${series.x.length}: ${values}`;
    }

    show(at) {
      const same = this.at && this.at.every((index, k) => index === at[k]);
      if (same && this.box) return;
      this.clear();
      this.at = at;
      const [p, s, i] = at;
      const panel = this.panels[p];
      const series = panel.series[s];
      this.spot = make("div", this.sheet);
      this.spot.className = "spot";
      this.box = make("div", this.sheet);
      this.box.className = "readout";
      this.box.setAttribute("aria-hidden", "true");
      const where = [panel.letter && `(${panel.letter})`, panel.title].filter(Boolean).join("\u2002");
      if (where) {
        const place = make("span", this.box);
        place.className = "where";
        set(place, where);
      }
      set(make("b", this.box), series.label);
      const rows = make("table", this.box);
      series.names.forEach((name, c) => {
        const row = make("tr", rows);
        set(make("th", row), name);
        make("td", row, (name === "standard error" ? "\u00b1 " : "") + digits(series.columns[c][i]));
      });
      const view = this.svg.viewBox.baseVal;
      const [x, y] = [series.x[i] / (100 * view.width), series.y[i] / (100 * view.height)];
      this.spot.style.left = `${100 * x}%`;
      this.spot.style.top = `${100 * y}%`;
      this.place(x * this.sheet.clientWidth, y * this.sheet.clientHeight);
    }

    // beside the point, on the side with more room, inside the drawing
    place(x, y) {
      const [wide, high] = [this.sheet.clientWidth, this.sheet.clientHeight];
      const box = this.box.getBoundingClientRect();
      const left = x + 14 + box.width <= wide ? x + 14 : x - 14 - box.width;
      const top = y - 10 - box.height >= 0 ? y - 10 - box.height : y + 12;
      this.box.style.left = `${Math.max(0, Math.min(left, wide - box.width))}px`;
      this.box.style.top = `${Math.max(0, Math.min(top, high - box.height))}px`;
      const room = this.plot;
      if (x < room.scrollLeft || x > room.scrollLeft + room.clientWidth) room.scrollLeft = x - room.clientWidth / 2;
    }

    clear() {
      this.spot?.remove();
      this.box?.remove();
      this.box = null;
    }

    hide() {
      this.clear();
      this.at = null;
    }
  }
  for (const plot of document.querySelectorAll(".plot")) new Readout(plot);
}
