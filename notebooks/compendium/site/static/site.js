// What needs a script: sorting, filtering and folding long tables, and walking through the marks of a figure. Without it
// every table is whole, and the marks of figures tell what they are to a pointer.
"use strict";

const SHOWN = 10; // rows of a table before a reader opens it (site.css counts them, too)

document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const frame = table.closest(".scrolls");
    const caption = table.caption.textContent;
    const rows = table.tBodies[0].rows.length;
    new DataTable(table, {
      paging: false,
      order: [],
      autoWidth: false,
      layout: { topStart: "search", topEnd: "info", bottomStart: null, bottomEnd: null },
      language: {
        search: "Filter the rows:",
        info: "_TOTAL_ rows",
        infoEmpty: "0 rows",
        infoFiltered: "of _MAX_",
        zeroRecords: "No row has this.",
      },
    });
    // The controls stay put while the table scrolls.
    const container = table.closest(".dt-container");
    const controls = container.querySelector(".dt-layout-row:not(.dt-layout-table)");
    const filter = controls.querySelector("input");
    controls.classList.add("controls");
    filter.setAttribute("aria-label", "Filter the rows: " + caption);
    frame.before(controls);
    frame.append(table);
    container.remove();

    const more = document.createElement("button");
    const fold = (folded) => {
      frame.classList.toggle("folded", folded);
      frame.classList.toggle("opened", !folded);
      more.textContent = folded ? `Show all ${rows} rows` : `Show ${SHOWN} rows`;
      more.setAttribute("aria-expanded", String(!folded));
      stops();
    };
    more.className = "more";
    more.setAttribute("aria-describedby", table.caption.id);
    more.addEventListener("click", () => {
      fold(!frame.classList.contains("folded"));
      if (frame.classList.contains("folded")) controls.scrollIntoView();
    });
    filter.addEventListener("input", () => fold(false));
    frame.after(more);
    // A link to a row opens the table that has it, and so does what a reader searched for.
    const asked = (new URLSearchParams(location.search).get("q") || "").toLowerCase();
    const open = () => {
      const here = location.hash && table.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`);
      fold(!here && !(asked && table.tBodies[0].textContent.toLowerCase().includes(asked)));
    };
    window.addEventListener("hashchange", open);
    open();
  }

  // A frame is a stop of the keyboard only while there is something to scroll.
  function stops() {
    for (const frame of document.querySelectorAll(".scrolls")) {
      const scrolls = frame.scrollWidth > frame.clientWidth + 1 || frame.scrollHeight > frame.clientHeight + 1;
      if (scrolls) frame.setAttribute("tabindex", "0");
      else frame.removeAttribute("tabindex");
    }
  }
  stops();
  window.addEventListener("resize", stops);

  // A figure is one stop of the keyboard; arrows lead from mark to mark, and what a mark is stands under the figure.
  for (const picture of document.querySelectorAll(".picture")) {
    const marks = [...picture.querySelectorAll(".mark")];
    const told = document.createElement("output");
    told.className = "told";
    if (marks.length) picture.append(told);
    marks.forEach((mark, place) => {
      const link = mark.querySelector("a");
      if (link) link.setAttribute("tabindex", "-1");
      mark.setAttribute("tabindex", place ? "-1" : "0");
      mark.setAttribute("role", link ? "link" : "img");
      mark.setAttribute("aria-label", mark.querySelector("title").textContent);
      const tell = () => (told.textContent = mark.getAttribute("aria-label"));
      mark.addEventListener("pointerenter", tell);
      mark.addEventListener("click", tell);
      mark.addEventListener("focus", tell);
      mark.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        const next = step && marks[place + step];
        if (next) {
          mark.setAttribute("tabindex", "-1");
          next.setAttribute("tabindex", "0");
          next.focus();
          event.preventDefault();
        } else if (event.key === "Enter" && link) location.href = link.href.baseVal;
      });
    });
  }

  // Paper shows what folds away on a screen.
  const folds = () => document.querySelectorAll(".scrolls details:not([open])");
  let opened = [];
  window.addEventListener("beforeprint", () => (opened = [...folds()]).forEach((one) => (one.open = true)));
  window.addEventListener("afterprint", () => opened.forEach((one) => (one.open = false)));
});
