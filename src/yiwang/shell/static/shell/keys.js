/**
 * Keyboard shortcuts, declared where they act: data-key="n" data-key-title="…" on a link, button
 * or field. "?" lists them, and those a page listens for itself (data-key-listed); j and k walk the rows of the nearest .rows list.
 */
import { t } from "yiwang/words";

const typing = (target) => target.matches?.("input, textarea, select, [contenteditable]");
const visible = (element) => element.offsetParent !== null || element.getClientRects().length > 0;

function act(element) {
  if (typing(element)) {
    element.focus();
    element.select?.();
  } else element.click();
}

function walk(step) {
  const rows = [...document.querySelectorAll(".rows .item")].filter(visible);
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement.closest?.(".item"));
  const chosen = rows.findIndex((row) => row.matches(".on, [aria-current=true]"));
  const from = at >= 0 ? at : chosen;
  const next = rows[Math.min(Math.max(from + step, 0), rows.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function line(key, title) {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  for (const one of key.split(" ")) {
    const cap = document.createElement("kbd");
    cap.textContent = one;
    head.append(cap, " ");
  }
  const cell = document.createElement("td");
  cell.textContent = title;
  row.append(head, cell);
  return row;
}

function list() {
  const box = document.getElementById("keys");
  if (!box) return;
  const lines = [...document.querySelectorAll("[data-key], [data-key-listed]")]
    .filter(visible)
    .map(({ dataset, textContent }) =>
      line(dataset.key ?? dataset.keyListed, dataset.keyTitle || textContent.trim()));
  if (document.querySelector(".rows .item")) {
    lines.push(line("j k", t("下一行、上一行", "Next and previous row")));
  }
  lines.push(line("?", t("这张表", "This list")));
  document.getElementById("keys-list").replaceChildren(...lines);
  box.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "?") return list();
  if (event.key === "j" || event.key === "k") return walk(event.key === "j" ? 1 : -1);
  const target = [...document.querySelectorAll("[data-key]")]
    .find((element) => element.dataset.key === event.key && visible(element));
  if (!target) return;
  if (event.key === "Enter" && event.target.closest?.("a, button, summary")) return;
  event.preventDefault();
  act(target);
});
