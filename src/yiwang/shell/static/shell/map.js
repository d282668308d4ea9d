/**
 * The town on a map: cells, names, points as lamps, in step with a list.
 *
 *   const map = townMap(element, { cells, points, illustrative: true });
 *   map.select(id); map.setPoints(points); map.setCells(cells); map.fit(); map.pickAt({lon, lat});
 *   element.addEventListener("choose", (event) => event.detail);  // {id, kind: "point" | "cell"}
 *   element.addEventListener("pick", (event) => event.detail);    // {lon, lat} of a press on the ground
 *
 * cells: GeoJSON FeatureCollection, properties {id or code, name, fill?, line?: "thin" | "strong" | "dashed"}.
 * points: [{id, lon, lat, lamp: "ok" | "warn" | "bad" | "idle", title, cell?}], degrees WGS-84.
 * Elements with data-map start by themselves; see the gallery at /components.
 */
import { boundsOf, cellOf, tidy } from "yiwang/map-parts";
import { SvgMap } from "yiwang/map-svg";
import { t } from "yiwang/words";

const STEP = 60; // pixels an arrow key moves the ground
const TURNED = 0.3; // of its width: a change of the window, not of a scroll bar
const PICKED = "picked";

let glWorks;
function hasGl() {
  glWorks ??= Boolean(document.createElement("canvas").getContext("webgl2"));
  return glWorks;
}

async function renderer(element, options, hands) {
  const wanted = options.renderer ?? element.dataset.renderer;
  if (wanted !== "svg" && hasGl()) {
    try {
      const { GlMap } = await import("yiwang/map-gl");
      return new GlMap(element, { ...hands, basemap: options.basemap });
    } catch {
      /* no WebGL after all, or the library did not arrive: draw it ourselves */
    }
  }
  return new SvgMap(element, hands);
}

class TownMap {
  constructor(element, options) {
    this.element = element;
    this.options = options;
    this.cells = tidy(options.cells);
    this.points = options.points ?? [];
    this.chosen = options.selected ?? "";
    element.tabIndex = 0;
    element.setAttribute("role", "application");
    element.setAttribute("aria-roledescription", t("地图", "map"));
    if (!element.hasAttribute("aria-label")) element.setAttribute("aria-label", t("地图", "Map"));
    this.say = this.addLive();
    this.addButtons();
    if (options.illustrative) this.addMark();
    element.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("beforeprint", () => this.printable(true));
    window.addEventListener("afterprint", () => this.printable(false));
    this.started = this.start();
    this.started.then(() => this.follow());
  }

  /* A turned phone or a new window: show all again. Smaller changes leave the view alone. */
  follow() {
    let width = this.element.clientWidth;
    new ResizeObserver(() => {
      const now = this.element.clientWidth;
      if (!now || Math.abs(now - width) < width * TURNED) return;
      width = now;
      requestAnimationFrame(() => this.fit());
    }).observe(this.element);
  }

  /* On paper the map is drawn in lines, whatever draws it on the screen. */
  printable(on) {
    this.paper?.destroy();
    this.paper = null;
    if (!on || this.view instanceof SvgMap) return;
    this.paper = new SvgMap(this.element, { choose() {}, pick() {} });
    this.paper.draw(this.cells, this.points);
    const box = boundsOf(this.cells, this.points);
    if (box) this.paper.view(box);
  }

  async start() {
    const hands = {
      choose: (id, kind) => this.choose(id, kind),
      pick: ([lon, lat]) => this.tell("pick", { lon, lat }),
    };
    this.view = await renderer(this.element, this.options, hands);
    await this.view.draw(this.cells, this.points);
    this.fit();
    if (this.chosen) this.select(this.chosen);
    this.element.dataset.drawn = this.view.constructor.name === "GlMap" ? "gl" : "svg";
  }

  tell(name, detail) {
    this.element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  choose(id, kind) {
    if (kind === "cell" && !("chooseCells" in this.element.dataset)) return;
    this.select(id);
    this.tell("choose", { id, kind });
  }

  select(id) {
    this.chosen = String(id ?? "");
    const point = this.points.find((one) => String(one.id) === this.chosen);
    const cell = point ? cellOf(this.cells, point.cell) : cellOf(this.cells, this.chosen);
    this.view?.select(this.chosen, cell);
    if (point) this.say.textContent = point.title ?? "";
  }

  async setPoints(points) {
    this.points = points;
    await this.started;
    await this.view.draw(this.cells, points);
    if (this.chosen) this.select(this.chosen);
  }

  async setCells(cells) {
    this.cells = tidy(cells);
    await this.started;
    await this.view.draw(this.cells, this.points);
    this.fit();
  }

  /** Show where something was picked: one mark, moved at every call. */
  pickAt({ lon, lat, lamp = "bad", title = "" }) {
    const others = this.points.filter((one) => one.id !== PICKED);
    return this.setPoints([...others, { id: PICKED, lon, lat, lamp, title }]);
  }

  fit() {
    const box = boundsOf(this.cells, this.points);
    if (box) this.view.view(box);
  }

  key(event) {
    if (event.target !== this.element) return;
    const moves = {
      ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP],
    };
    if (moves[event.key]) this.view.pan(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.view.zoom(1.5);
    else if (event.key === "-") this.view.zoom(1 / 1.5);
    else if (event.key === "0" || event.key === "Home") this.fit();
    else if (event.key === "PageDown" || event.key === "PageUp") this.walk(event.key === "PageDown" ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  walk(step) {
    const count = this.points.length;
    if (!count) return;
    const at = this.points.findIndex((one) => String(one.id) === this.chosen);
    const next = this.points[(at + step + count) % count];
    this.choose(next.id, "point");
  }

  addLive() {
    const live = document.createElement("p");
    live.className = "sr";
    live.setAttribute("aria-live", "polite");
    this.element.append(live);
    return live;
  }

  addButtons() {
    const box = document.createElement("div");
    box.className = "map-buttons no-print";
    const add = (sign, name, act) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = sign;
      button.setAttribute("aria-label", name);
      button.title = name;
      button.addEventListener("click", act);
      box.append(button);
    };
    add("＋", t("放大", "Zoom in"), () => this.view?.zoom(1.5));
    add("－", t("缩小", "Zoom out"), () => this.view?.zoom(1 / 1.5));
    add("⤢", t("看全部", "Show all"), () => this.view && this.fit());
    this.element.append(box);
  }

  addMark() {
    if (this.element.querySelector(".mark")) return;
    const mark = document.createElement("span");
    mark.className = "mark map-mark";
    mark.textContent = t("边界为示意", "Boundaries illustrative");
    this.element.append(mark);
  }
}

/** Draw a map in ``element``; see the top of this file. Answers at once, draws when it can. */
export function townMap(element, options = {}) {
  element.townMap = new TownMap(element, options);
  return element.townMap;
}

async function source(selector) {
  if (!selector) return undefined;
  if (!selector.startsWith("#")) return (await fetch(selector, { headers: { Accept: "application/json" } })).json();
  const block = document.querySelector(selector);
  return block ? JSON.parse(block.textContent) : undefined;
}

/* In step with a list: rows carry data-id; choosing on the map presses the row, and back. */
function tie(element, list) {
  const rowOf = (id) => [...document.querySelectorAll(`${list} [data-id]`)].find((row) => row.dataset.id === id);
  const mark = (row) => {
    for (const other of document.querySelectorAll(`${list} [data-id]`)) {
      other.classList.toggle("on", other === row);
      if (other === row) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
  };
  let telling = false;
  element.addEventListener("choose", ({ detail }) => {
    const row = rowOf(String(detail.id));
    if (!row) return;
    mark(row);
    row.scrollIntoView({ block: "nearest" });
    telling = true;
    row.click();
    telling = false;
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.(`${list} [data-id]`);
    if (!row || telling) return;
    mark(row);
    element.townMap.select(row.dataset.id);
  });
}

async function begin(element) {
  if (element.townMap || element.dataset.starting) return;
  element.dataset.starting = "1";
  const { cells, points, basemap, selected, list } = element.dataset;
  const [ground, marks] = await Promise.all([source(cells), source(points)]);
  townMap(element, {
    cells: ground, points: marks, basemap, selected, illustrative: "illustrative" in element.dataset,
  });
  if (list) tie(element, list);
}

function beginAll(root) {
  root.querySelectorAll?.("[data-map]").forEach(begin);
}

/* A fragment may bring new points: <script type="application/json" data-points-of="#map">. */
function takePoints(root) {
  for (const block of root.querySelectorAll?.("script[data-points-of]") ?? []) {
    document.querySelector(block.dataset.pointsOf)?.townMap?.setPoints(JSON.parse(block.textContent));
  }
}

beginAll(document);
document.addEventListener("htmx:afterSettle", (event) => {
  beginAll(event.target);
  takePoints(event.target);
});
