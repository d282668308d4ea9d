/**
 * Editing a boundary on the map, in step with the text of its points.
 *
 * The text is the truth: it is what is posted, it works without this script, and it is the
 * keyboard's way in. Here points are added, dragged, snapped to the neighbours and taken away.
 */
import { townMap } from "yiwang/map";
import { boundsOf } from "yiwang/map-parts";
import { t } from "yiwang/words";

const SNAP = 10; // pixels within which a point jumps onto a neighbour
const NUDGE = 0.00002; // degrees an arrow moves a point: about 2 m
const PART = "---";
const KEPT = 100; // steps of undo

const read = (selector) => JSON.parse(document.querySelector(selector)?.textContent ?? "null");
const features = (selector) => read(selector)?.features ?? [];

/* Points of the text, each with the line it stands on and the ring it belongs to. */
function parse(text) {
  const points = [];
  let [part, ring] = [0, 0];
  text.split("\n").forEach((line, at) => {
    const numbers = line.trim().split(/[,，;\s]+/).map(Number);
    if (line.trim() === PART) [part, ring] = [part + 1, 0];
    else if (!line.trim()) ring += points.some((p) => p.part === part && p.ring === ring) ? 1 : 0;
    else if (numbers.length === 2 && numbers.every(Number.isFinite)) {
      points.push({ lon: numbers[0], lat: numbers[1], part, ring, line: at });
    }
  });
  return points;
}

function geometry(points) {
  const parts = [];
  for (const { lon, lat, part, ring } of points) ((parts[part] ??= [])[ring] ??= []).push([lon, lat]);
  const closed = parts.filter(Boolean).map((rings) => rings.filter((r) => r?.length > 2).map((r) => [...r, r[0]]));
  return { type: "MultiPolygon", coordinates: closed.filter((rings) => rings.length) };
}

const write = ({ lon, lat }) => `${lon.toFixed(7)}, ${lat.toFixed(7)}`;

/* The spot of a segment nearest to a pixel. */
function nearestOn([px, py], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const share = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1)));
  return [ax + share * dx, ay + share * dy];
}

const far = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);

class Editor {
  constructor(element, area) {
    this.element = element;
    this.area = area;
    this.near = features(element.dataset.near);
    this.rings = this.near.flatMap(({ geometry: g }) => (g.type === "Polygon" ? [g.coordinates] : g.coordinates).flat());
    this.undone = [];
    this.at = -1;
    this.map = townMap(element, { cells: this.cells(), points: this.marks(), illustrative: "illustrative" in element.dataset });
    this.map.started.then(() => this.fit());
    element.addEventListener("pick", ({ detail }) => this.add(detail));
    element.addEventListener("choose", ({ detail }) => this.chose(detail.id));
    element.addEventListener("keydown", (event) => this.key(event), true);
    element.addEventListener("pointerdown", (event) => this.grab(event), true);
    area.addEventListener("input", () => this.show());
    for (const name of ["keyup", "click"]) area.addEventListener(name, () => this.caret());
    for (const button of document.querySelectorAll("#editor-acts [data-act]")) {
      button.addEventListener("click", () => this[button.dataset.act]());
    }
    for (const id of ["editor-acts", "editor-hint"]) document.getElementById(id)?.removeAttribute("hidden");
  }

  get points() {
    return parse(this.area.value);
  }

  cells() {
    const drawn = geometry(this.points);
    const mine = drawn.coordinates.length ? [{ type: "Feature", geometry: drawn, properties: { id: "drawn", name: "", fill: "#cfe3e1" } }] : [];
    return { type: "FeatureCollection", features: [...this.near, ...mine, ...problemAreas(this.element)] };
  }

  marks() {
    return [
      ...this.points.map(({ lon, lat }, i) => ({ id: `v${i}`, lon, lat, lamp: "idle", title: t("第 {n} 点", "point {n}", { n: i + 1 }) })),
      ...problemPoints(this.element),
    ];
  }

  /* Come close to what is edited, so that its points stand apart. */
  fit() {
    const box = boundsOf([{ geometry: geometry(this.points) }], []);
    if (box) this.map.view.view(box);
  }

  /* Draw again without moving the view. */
  async show() {
    await this.map.started;
    const fitted = this.map.fit;
    this.map.fit = () => {};
    await this.map.setPoints(this.marks());
    await this.map.setCells(this.cells());
    this.map.fit = fitted;
    if (this.at >= 0) this.map.select(`v${this.at}`);
  }

  change(lines) {
    this.undone.push(this.area.value);
    if (this.undone.length > KEPT) this.undone.shift();
    this.area.value = lines.join("\n");
    return this.show();
  }

  lines() {
    return this.area.value.trim() ? this.area.value.trim().split("\n") : [];
  }

  undo() {
    if (!this.undone.length) return;
    this.area.value = this.undone.pop();
    this.show();
  }

  /* A press on the ground: into the nearest edge of a whole ring, else to the end. */
  add(spot) {
    if (this.dragged) return;
    const { lon, lat } = this.snapped(spot);
    const points = this.points;
    const lines = this.lines();
    const after = points.length < 3 ? points.length - 1 : this.nearestEdge([lon, lat], points);
    const line = after < 0 ? lines.length : points[after].line + 1;
    lines.splice(line, 0, write({ lon, lat }));
    this.at = after + 1;
    this.change(lines);
  }

  nearestEdge(spot, points) {
    const screen = (p) => this.pixel([p.lon, p.lat]);
    const here = this.pixel(spot);
    let best = [Infinity, points.length - 1];
    points.forEach((point, i) => {
      const distance = far(here, nearestOn(here, screen(point), screen(points[this.next(points, i)])));
      if (distance < best[0]) best = [distance, i];
    });
    return best[1];
  }

  /* The next point of the same ring, round to its first. */
  next(points, i) {
    const same = (p) => p && p.part === points[i].part && p.ring === points[i].ring;
    return same(points[i + 1]) ? i + 1 : points.findIndex(same);
  }

  chose(id) {
    if (!String(id).startsWith("v")) return;
    this.at = Number(String(id).slice(1));
    const line = this.points[this.at]?.line;
    const starts = this.area.value.split("\n").slice(0, line).join("\n").length + (line ? 1 : 0);
    this.area.setSelectionRange(starts, starts + (this.area.value.split("\n")[line]?.length ?? 0));
  }

  caret() {
    const line = this.area.value.slice(0, this.area.selectionStart).split("\n").length - 1;
    this.at = this.points.findIndex((point) => point.line === line);
    if (this.at >= 0) this.map.select(`v${this.at}`);
  }

  middle() {
    const points = this.points;
    const here = points[this.at];
    if (!here) return;
    const there = points[this.next(points, this.at)];
    const lines = this.lines();
    lines.splice(here.line + 1, 0, write({ lon: (here.lon + there.lon) / 2, lat: (here.lat + there.lat) / 2 }));
    this.at += 1;
    this.change(lines);
  }

  delete() {
    const here = this.points[this.at];
    if (!here) return;
    const lines = this.lines();
    lines.splice(here.line, 1);
    this.at = Math.min(this.at, this.points.length - 2);
    this.change(lines);
  }

  move(i, spot) {
    const lines = this.lines();
    const point = this.points[i];
    if (!point) return;
    lines[point.line] = write(spot);
    this.area.value = lines.join("\n");
    this.at = i;
    this.show();
  }

  key(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const here = this.points[this.at];
    if (event.altKey && steps[event.key] && here) {
      const [dx, dy] = steps[event.key];
      this.undone.push(this.area.value);
      this.move(this.at, { lon: here.lon + dx * NUDGE, lat: here.lat + dy * NUDGE });
    } else if (event.key === "Delete" && here) this.delete();
    else if (event.key === "z" && event.ctrlKey) this.undo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /* Where a place is on the screen, and back; both renderers know. */
  pixel([lon, lat]) {
    const { view } = this.map;
    if (view.map) {
      const { x, y } = view.map.project([lon, lat]);
      return [x, y];
    }
    const [x, y] = view.flat([lon, lat]);
    return [x * view.scale + view.shift[0], y * view.scale + view.shift[1]];
  }

  place(event) {
    const { view } = this.map;
    if (!view.map) {
      const [lon, lat] = view.degrees(event);
      return { lon, lat };
    }
    const box = this.element.getBoundingClientRect();
    const { lng, lat } = view.map.unproject([event.clientX - box.left, event.clientY - box.top]);
    return { lon: lng, lat };
  }

  grab(event) {
    this.dragged = false;
    if (!this.map.view || event.target.closest("button")) return;
    const box = this.element.getBoundingClientRect();
    const here = [event.clientX - box.left, event.clientY - box.top];
    const reach = event.pointerType === "touch" ? 22 : 12;
    const distances = this.points.map((p) => far(here, this.pixel([p.lon, p.lat])));
    const i = distances.indexOf(Math.min(...distances));
    if (!(distances[i] <= reach)) return;
    event.preventDefault();
    event.stopPropagation();
    this.drag(i, event.pointerId);
  }

  drag(i, pointer) {
    const before = this.area.value;
    this.map.view.map?.dragPan.disable();
    this.at = i;
    const moving = (event) => {
      this.dragged = true;
      this.move(i, this.snapped(this.place(event)));
    };
    const end = () => {
      this.element.removeEventListener("pointermove", moving, true);
      window.removeEventListener("pointerup", end, true);
      this.map.view.map?.dragPan.enable();
      if (this.dragged) this.undone.push(before);
      this.chose(`v${i}`);
      this.map.select(`v${i}`);
      setTimeout(() => { this.dragged = false; }, 50);
    };
    this.element.setPointerCapture?.(pointer);
    this.element.addEventListener("pointermove", moving, true);
    window.addEventListener("pointerup", end, true);
  }

  /* A corner of a neighbour within reach, else the nearest spot of its edge, else the place itself. */
  snapped({ lon, lat }) {
    const here = this.pixel([lon, lat]);
    let best = [SNAP, null];
    for (const ring of this.rings) {
      for (const at of ring) {
        const distance = far(here, this.pixel(at));
        if (distance < best[0]) best = [distance, { lon: at[0], lat: at[1] }];
      }
    }
    return best[1] ?? this.snappedToEdge(here) ?? { lon, lat };
  }

  snappedToEdge(here) {
    let best = [SNAP, null];
    for (const ring of this.rings) {
      for (let i = 0; i + 1 < ring.length; i++) {
        const [a, b] = [this.pixel(ring[i]), this.pixel(ring[i + 1])];
        const spot = nearestOn(here, a, b);
        const share = far(a, spot) / (far(a, b) || 1);
        const [lon, lat] = [0, 1].map((k) => ring[i][k] + share * (ring[i + 1][k] - ring[i][k]));
        if (far(here, spot) < best[0]) best = [far(here, spot), { lon, lat }];
      }
    }
    return best[1];
  }
}

function problemAreas(element) {
  return features(element.dataset.problems)
    .filter(({ geometry: g }) => g.type.endsWith("Polygon"))
    .map((one) => ({ ...one, properties: { ...one.properties, name: "", fill: "#e9b7ad" } }));
}

function problemPoints(element) {
  const first = (nested) => (typeof nested[0] === "number" ? nested : first(nested[0]));
  return features(element.dataset.problems).map(({ geometry: g, properties }) => {
    const [lon, lat] = first(g.coordinates);
    return { id: properties.id, lon, lat, lamp: "bad", title: properties.name };
  });
}

const editor = document.getElementById("editor");
if (editor) new Editor(editor, document.querySelector(editor.dataset.boundary));

const preview = document.getElementById("preview-map");
if (preview) {
  townMap(preview, {
    cells: [...features(preview.dataset.near), ...problemAreas(preview)], points: problemPoints(preview),
  });
}
