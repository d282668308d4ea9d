/**
 * The desk: list and map show the same cases, the chosen one stands beside them, and the list keeps
 * itself fresh without taking away what is chosen, ticked, typed or focused.
 */
import { townMap } from "yiwang/map";
import { toast } from "yiwang/live";
import { t } from "yiwang/words";

const EVERY_MS = 15_000;
const REST_MS = 700; // after a step, Enter rests: nobody dispatches a case they have not seen
const NARROW = matchMedia("(max-width: 47.99em)");

const desk = document.getElementById("desk");
const { Lot } = await import(desk.dataset.lot); // by its hashed address, which only the page knows
const part = document.getElementById("list-part");
const mapBox = document.getElementById("desk-map");
const lot = new Lot();
let chosen = "";
let map;
let tag = "";

const items = () => [...part.querySelectorAll("a.item[data-id]")];
const itemOf = (id) => items().find((item) => item.dataset.id === id);
const panelUrl = (id) => desk.dataset.panel.replace("00000000-0000-0000-0000-000000000000", id);
const get = (url, headers = {}) =>
  fetch(url, { headers: { "X-Live": "1", ...headers }, credentials: "same-origin" });

/* --- choosing: a row, a point, the panel beside them --- */
function mark(id) {
  chosen = id;
  for (const item of items()) {
    const here = item.dataset.id === id;
    item.classList.toggle("on", here);
    if (here) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
  map?.select(id);
}

function choose(id, { scroll = false } = {}) {
  if (id !== chosen) document.getElementById("case").closest(".pane").scrollTop = 0;
  mark(id);
  if (scroll) itemOf(id)?.scrollIntoView({ block: "nearest" });
  return window.htmx.ajax("GET", panelUrl(id), { target: "#case", swap: "outerHTML" });
}

part.addEventListener("click", (event) => {
  const item = event.target.closest("a.item");
  if (!item || NARROW.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (event.detail >= 0) choose(item.dataset.id);
});

/* j and k (keys.js) move the focus; the panel follows once it rests. */
let resting;
part.addEventListener("focusin", (event) => {
  const item = event.target.closest("a.item");
  if (!item || NARROW.matches || item.dataset.id === chosen) return;
  clearTimeout(resting);
  resting = setTimeout(() => {
    if (document.activeElement === item && item.dataset.id !== chosen) choose(item.dataset.id);
  }, 180);
});

/* Enter on a row whose case is shown already goes to its main step. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.repeat) {
    if (!event.target.closest("form.move-form, form.filter-form")) event.preventDefault();
    return;
  }
  const item = event.target.closest?.("a.item");
  if (!item || item.dataset.id !== chosen) return;
  const main = document.querySelector("#case [data-main]:not([aria-disabled=true])");
  if (!main) return;
  event.preventDefault();
  main.click();
}, true);

/* --- the map --- */
async function points() {
  const answer = await get(mapBox.dataset.pointsUrl);
  if (!answer.ok) return;
  const { points: placed, unplaced, more, bound } = await answer.json();
  const said = [];
  if (more) said.push(t("只画前 {n} 件", "the first {n} drawn", { n: bound }));
  if (unplaced) said.push(t("{n} 件没有定位", "{n} without a point", { n: unplaced }));
  document.getElementById("map-said").textContent = said.join(t("；", "; "));
  return placed;
}

async function startMap() {
  const [answer, placed] = await Promise.all([get(mapBox.dataset.cellsUrl), points()]);
  const cells = answer.ok ? await answer.json() : undefined;
  const illustrative = cells?.features.some((cell) => cell.properties.illustrative);
  map = townMap(mapBox, {
    cells, points: placed ?? [], illustrative, basemap: mapBox.dataset.basemap, selected: chosen,
  });
  mapBox.addEventListener("choose", ({ detail }) => {
    if (NARROW.matches) location.href = itemOf(detail.id)?.href ?? `/cases/${detail.id}/`;
    else choose(String(detail.id), { scroll: true });
  });
}

/* --- keeping fresh --- */
function busy() {
  return part.contains(document.activeElement) && document.activeElement.matches("input[type=text]");
}

function swap(html) {
  const before = new Set(items().map((item) => item.dataset.id));
  const focused = document.activeElement?.closest?.("#list-part a.item")?.dataset.id;
  const scroller = part.closest(".pane");
  const top = scroller.scrollTop;
  part.innerHTML = html;
  scroller.scrollTop = top;
  lot.restore(part);
  const fresh = items().filter((item) => !before.has(item.dataset.id));
  if (before.size) fresh.forEach((item) => item.classList.add("new"));
  if (chosen) mark(chosen);
  if (focused) itemOf(focused)?.focus({ preventScroll: true });
  return before.size ? fresh.length : 0;
}

async function refresh() {
  if (document.hidden || busy()) return false;
  let answer;
  try {
    answer = await get(part.dataset.url, tag ? { "If-None-Match": tag } : {});
  } catch {
    return false; // no line just now: the next round tries again
  }
  if (answer.status === 304 || !answer.ok) return false;
  tag = answer.headers.get("ETag") ?? "";
  const arrived = swap(await answer.text());
  if (arrived) {
    document.getElementById("desk-said").textContent =
      t("新到 {n} 件", "{n} new", { n: arrived });
  }
  points().then((placed) => placed && map?.setPoints(placed));
  return true;
}

/* A step was made: say so, refresh, and go on with the next row of the list. */
document.addEventListener("case-moved", async (event) => {
  const { id, said } = event.detail;
  const order = items().map((item) => item.dataset.id);
  const at = order.indexOf(id);
  toast(said, "ok");
  rest();
  await refresh();
  if (at < 0 || itemOf(id)) return;
  const next = order.slice(at + 1).find(itemOf) ?? items()[Math.max(at - 1, 0)]?.dataset.id;
  if (next) {
    await choose(next, { scroll: true });
    itemOf(next)?.focus({ preventScroll: true });
  }
});

function rest() {
  desk.dataset.resting = "1";
  setTimeout(() => delete desk.dataset.resting, REST_MS);
}

document.addEventListener("submit", (event) => {
  if (!desk.dataset.resting || !event.submitter?.hasAttribute("data-main")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

lot.watch(part);
startMap();
if (!NARROW.matches && items().length) choose(items()[0].dataset.id);
setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
