/** The public map and its list: a press on one shows the other. */
import { townMap } from "yiwang/map";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const box = document.getElementById("public-map");
const ground = read("ground");
const list = document.getElementById("public-list");

const map = townMap(box, {
  cells: ground,
  points: read("points"),
  illustrative: ground.features.some((feature) => feature.properties.illustrative),
});

function show(key, fromMap) {
  for (const item of list?.querySelectorAll(".item") ?? []) {
    const on = item.dataset.point === key;
    item.classList.toggle("on", on);
    item.setAttribute("aria-pressed", String(on));
    if (on && fromMap) item.scrollIntoView({ block: "nearest" });
  }
}

list?.addEventListener("click", (event) => {
  const item = event.target.closest("[data-point]");
  if (!item) return;
  map.select(item.dataset.point);
  show(item.dataset.point, false);
});

box.addEventListener("choose", (event) => {
  if (event.detail.kind === "point") show(event.detail.id, true);
});
