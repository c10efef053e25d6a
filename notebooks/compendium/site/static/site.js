// What needs a script: sorting and filtering long tables. Without it every table is whole.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const frame = table.closest(".scrolls");
    const caption = table.caption.textContent;
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
    controls.classList.add("controls");
    controls.querySelector("input").setAttribute("aria-label", "Filter the rows: " + caption);
    frame.before(controls);
    frame.append(table);
    container.remove();
  }

  // A frame is a stop of the keyboard only while there is something to scroll.
  const frames = document.querySelectorAll(".scrolls");
  const stops = () => {
    for (const frame of frames) {
      if (frame.scrollWidth > frame.clientWidth + 1) frame.setAttribute("tabindex", "0");
      else frame.removeAttribute("tabindex");
    }
  };
  stops();
  window.addEventListener("resize", stops);
});
