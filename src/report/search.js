"use strict";
// shows the figures that have all words of the query in their name, experiment, family, title, caption, parameters or citation
{
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const query = document.getElementById("query");
  const found = document.getElementById("found");
  const empty = document.getElementById("empty");
  const families = [...document.querySelectorAll(".family")];
  const entries = [...document.querySelectorAll(".entry")].map((element) => {
    const parts = [...element.querySelectorAll(".searched")].map((part) => part.textContent);
    return { element, text: plain([element.dataset.family, ...parts].join("\n")) };
  });
  const search = () => {
    const words = plain(query.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { element, text } of entries) {
      const fits = words.every((word) => text.includes(word));
      element.hidden = !fits;
      count += Number(fits);
    }
    for (const family of families) family.hidden = !family.querySelector(".entry:not([hidden])");
    const all = entries.length;
    const things = all === 1 ? "figure" : "figures";
    found.textContent = words.length ? `${count} of ${all} ${things}` : `${all} ${things}`;
    empty.hidden = count > 0;
    document.getElementById("empty-query").textContent = query.value.trim();
  };
  const clear = () => {
    query.value = "";
    search();
  };
  query.addEventListener("input", search);
  query.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = entries.find(({ element }) => !element.hidden);
    if (first) {
      first.element.scrollIntoView();
      first.element.querySelector(".plot").focus({ preventScroll: true });
    }
  });
  document.getElementById("clear").addEventListener("click", () => {
    clear();
    query.focus();
  });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      query.focus();
      query.select();
    } else if (event.key === "Escape" && event.target === query) {
      clear();
    }
  });
  // a link to a figure that the search hides shows all again
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.closest("[hidden]")) {
      clear();
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href^='#']")) setTimeout(reveal);
  });
  search();
}
