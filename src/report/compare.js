"use strict";
// old and new figures: side by side, one of them, or one after the other in the same place
{
  for (const compare of document.querySelectorAll(".compare")) {
    let timer = 0;
    compare.addEventListener("change", (event) => {
      const view = event.target.value;
      compare.dataset.view = view;
      clearInterval(timer);
      if (view !== "blink") return;
      compare.dataset.shown = "old";
      timer = setInterval(() => {
        compare.dataset.shown = compare.dataset.shown === "old" ? "new" : "old";
      }, 900);
    });
  }
}
