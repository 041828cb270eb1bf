"use strict";
(() => {
  const root = document.documentElement;
  const toggle = document.getElementById("theme");
  const themes = ["system", "light", "dark"];
  const kept = () => { try { return localStorage.getItem("stancebench-theme"); } catch { return null; } };
  const show = (theme) => {
    if (theme === "system") root.removeAttribute("data-theme"); else root.setAttribute("data-theme", theme);
    toggle.querySelector("span").textContent = theme;
    try { localStorage.setItem("stancebench-theme", theme); } catch { /* a page opened from a file may keep nothing */ }
  };
  const next = () => themes[(themes.indexOf(root.dataset.theme || "system") + 1) % themes.length];
  toggle.hidden = false;
  toggle.addEventListener("click", () => show(next()));
  if (themes.includes(kept())) show(kept());

  const key = (row, i) => {
    const cell = row.cells[i];
    return cell.dataset.sort === undefined ? cell.textContent.trim() : Number(cell.dataset.sort);
  };
  // What is undefined stands last, whichever way the rest is sorted.
  const compare = (a, b, way) => {
    const numbers = [typeof a === "number", typeof b === "number"];
    if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1;
    return way * (numbers[0] ? a - b : a.localeCompare(b, "en"));
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((head, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const first = head.classList.contains("number") ? "descending" : "ascending";
        const second = first === "descending" ? "ascending" : "descending";
        const order = head.getAttribute("aria-sort") === first ? second : first;
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", order);
        const way = order === "ascending" ? 1 : -1;
        const rows = [...table.tBodies[0].rows];
        rows.sort((a, b) => compare(key(a, i), key(b, i), way));
        table.tBodies[0].append(...rows);
      });
    });
  }

  for (const choices of document.querySelectorAll(".choices")) {
    const select = choices.querySelector("select");
    const pick = () => {
      for (const choice of choices.querySelectorAll(".choice")) choice.hidden = choice.id !== select.value;
    };
    choices.querySelector(".chooser").hidden = false;
    for (const heading of choices.querySelectorAll(".choice > h3")) heading.hidden = true;
    select.addEventListener("change", pick);
    pick();
  }
})();
