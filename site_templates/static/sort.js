// Tables of the class "sortable" can be sorted by any of their columns. Without this script they stand as they are.
// A header cell's words become a button; aria-sort says how its column is sorted. What is blank comes last either way,
// and so does a row that spans columns, which says what the table leaves out.
"use strict";

const collator = new Intl.Collator("zh-Hans", { numeric: true });
const NUMBER = /^[+−-]?\d[\d,]*(\.\d+)?/;
const BLANK = /^([—·]|$)/;

function textOf(row, column) {
  return row.cells[column].textContent.trim();
}

function numberOf(text) {
  return Number(NUMBER.exec(text)[0].replaceAll(",", "").replace("−", "-"));
}

function isOfNumbers(rows, column) {
  const stated = rows.map((row) => textOf(row, column)).filter((text) => !BLANK.test(text));
  return stated.length > 0 && stated.every((text) => NUMBER.test(text));
}

function sorted(rows, column, descending) {
  const compare = isOfNumbers(rows, column) ? (a, b) => numberOf(a) - numberOf(b) : collator.compare;
  const sign = descending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const [a, b] = [textOf(left, column), textOf(right, column)];
    return BLANK.test(a) - BLANK.test(b) || (BLANK.test(a) ? 0 : sign * compare(a, b));
  });
}

function sortBy(table, header) {
  const body = table.tBodies[0];
  const rows = [...body.rows].filter((row) => row.cells.length === header.parentElement.cells.length);
  const others = [...body.rows].filter((row) => !rows.includes(row));
  const before = header.getAttribute("aria-sort");
  // Of numbers the highest are asked for first, of names the first.
  const descending = before ? before === "ascending" : isOfNumbers(rows, header.cellIndex);
  for (const cell of header.parentElement.cells) cell.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", descending ? "descending" : "ascending");
  body.append(...sorted(rows, header.cellIndex, descending), ...others);
}

for (const table of document.querySelectorAll("table.sortable")) {
  for (const header of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...header.childNodes);
    button.addEventListener("click", () => sortBy(table, header));
    header.append(button);
  }
}
