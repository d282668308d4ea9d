/** The map drawn as SVG: where there is no WebGL, and for print, where lines must stay lines. */
import { boundsOf, COLOURS, labelPoint, lampOf, lineOf, LINES, linesOf, polygonsOf, SHAPES, unit } from "yiwang/map-parts";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 24; // pixels kept free around what is shown
const LABEL = 13 * unit(); // pixels

function make(name, attributes = {}, parent = null) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent?.append(node);
  return node;
}

/** Same methods as the renderer of map_gl.js: draw, select, view, zoom, pan, destroy. */
export class SvgMap {
  constructor(element, { choose, pick }) {
    this.element = element;
    this.scale = 1;
    this.shift = [0, 0];
    this.svg = make("svg", { width: "100%", height: "100%", "aria-hidden": "true" });
    this.ground = make("g", {}, this.svg);
    this.names = make("g", {
      "font-size": LABEL, "text-anchor": "middle", fill: COLOURS.ink, "pointer-events": "none",
      stroke: COLOURS.sheet, "stroke-width": 3, "paint-order": "stroke",
    }, this.svg);
    this.marks = make("g", {}, this.svg);
    element.append(this.svg);
    this.listen(choose, pick);
    this.resized = new ResizeObserver(() => this.fitted && this.view(this.box));
    this.resized.observe(element);
  }

  draw(cells, points) {
    this.cells = cells;
    this.points = points;
    const box = boundsOf(cells, points) ?? [120, 30, 120.1, 30.1];
    this.middle ??= (box[1] + box[3]) / 2;
    this.squeeze ??= Math.cos((this.middle * Math.PI) / 180);
    this.ground.replaceChildren();
    this.names.replaceChildren();
    this.marks.replaceChildren();
    for (const cell of cells) this.addCell(cell);
    for (const point of points) this.addPoint(point);
    this.place();
  }

  flat([lon, lat]) {
    return [lon * this.squeeze * 1e4, -lat * 1e4];
  }

  addCell({ geometry, properties }) {
    const drawn = (line) => `M${line.map((at) => this.flat(at).map((n) => n.toFixed(2)).join(" ")).join("L")}`;
    const rings = polygonsOf(geometry).flat();
    const d = [...rings.map((ring) => `${drawn(ring)}Z`), ...linesOf(geometry).map(drawn)].join("");
    if (d) {
      const { colour, width, dashes } = LINES[lineOf(properties)];
      const fill = rings.length ? properties.fill ?? COLOURS.sheet : "none";
      make("path", {
        d, "data-id": properties.id, fill, "data-fill": fill, stroke: colour, "data-stroke": colour,
        "stroke-width": width, "data-width": width, "vector-effect": "non-scaling-stroke",
        "fill-rule": "evenodd", "stroke-dasharray": dashes?.map((n) => n * width).join(" ") ?? "none",
      }, this.ground);
    }
    const at = labelPoint(geometry);
    if (!at || !properties.name) return;
    const text = make("text", { "data-id": properties.id, dy: "0.35em" }, this.names);
    text.textContent = properties.name;
    text.at = this.flat(at);
  }

  addPoint(point) {
    const mark = make("path", {
      d: SHAPES[lampOf(point)], "data-point": point.id, fill: COLOURS[lampOf(point)],
      stroke: "#fff", "stroke-width": 2, "vector-effect": "non-scaling-stroke", cursor: "pointer",
    }, this.marks);
    make("title", {}, mark).textContent = point.title ?? "";
    mark.at = this.flat([point.lon, point.lat]);
    mark.id_ = point.id;
  }

  select(id, cell) {
    this.chosen = id;
    for (const path of this.ground.children) {
      const on = path.dataset.id === cell;
      path.setAttribute("stroke", on ? COLOURS.brand : path.dataset.stroke);
      path.setAttribute("stroke-width", on ? 2.6 : path.dataset.width);
      path.setAttribute("fill", on ? COLOURS.here : path.dataset.fill);
    }
    const on = [...this.ground.children].find((path) => path.dataset.id === cell);
    if (on) this.ground.append(on);
    for (const text of this.names.children) {
      text.setAttribute("font-weight", text.dataset.id === cell ? "600" : "400");
      text.setAttribute("fill", text.dataset.id === cell ? COLOURS.brand : COLOURS.ink);
    }
    this.place();
  }

  /** Show a box of degrees, all of it, with a margin. */
  view(box) {
    this.box = box;
    this.fitted = true;
    const { width, height } = this.element.getBoundingClientRect();
    const [x1, y1] = this.flat([box[0], box[3]]);
    const [x2, y2] = this.flat([box[2], box[1]]);
    this.scale = Math.min(
      (width - 2 * MARGIN) / Math.max(x2 - x1, 1e-6),
      (height - 2 * MARGIN) / Math.max(y2 - y1, 1e-6),
      40,
    );
    this.shift = [width / 2 - (this.scale * (x1 + x2)) / 2, height / 2 - (this.scale * (y1 + y2)) / 2];
    this.place();
  }

  /** Put everything where the present scale and shift have it. */
  place() {
    const [dx, dy] = this.shift;
    this.ground.setAttribute("transform", `translate(${dx} ${dy}) scale(${this.scale})`);
    const screen = ([x, y]) => [x * this.scale + dx, y * this.scale + dy];
    for (const mark of this.marks.children) {
      const [x, y] = screen(mark.at);
      const size = (mark.id_ === this.chosen ? 11 : 7) * unit();
      mark.setAttribute("transform", `translate(${x} ${y}) scale(${size})`);
    }
    this.placeNames(screen);
  }

  placeNames(screen) {
    const taken = [];
    for (const text of this.names.children) {
      const [x, y] = screen(text.at);
      const half = (text.textContent.length * LABEL * (/[㐀-鿿]/.test(text.textContent) ? 1 : 0.56)) / 2;
      const free = taken.every((box) => x + half < box[0] || x - half > box[2] || Math.abs(y - box[1]) > LABEL + 3);
      text.setAttribute("x", x);
      text.setAttribute("y", y);
      text.setAttribute("visibility", free ? "visible" : "hidden");
      if (free) taken.push([x - half, y, x + half]);
    }
  }

  zoom(factor, [cx, cy] = this.centre()) {
    this.fitted = false;
    this.scale *= factor;
    this.shift = [cx - (cx - this.shift[0]) * factor, cy - (cy - this.shift[1]) * factor];
    this.place();
  }

  pan(dx, dy) {
    this.fitted = false;
    this.shift = [this.shift[0] + dx, this.shift[1] + dy];
    this.place();
  }

  centre() {
    const { width, height } = this.element.getBoundingClientRect();
    return [width / 2, height / 2];
  }

  listen(choose, pick) {
    let from = null;
    let moved = 0;
    this.svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && document.activeElement !== this.element) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, [event.offsetX, event.offsetY]);
    }, { passive: false });
    this.svg.addEventListener("pointerdown", (event) => {
      from = [event.clientX, event.clientY];
      moved = 0;
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (!from || !event.buttons) return;
      const [dx, dy] = [event.clientX - from[0], event.clientY - from[1]];
      from = [event.clientX, event.clientY];
      moved += Math.abs(dx) + Math.abs(dy);
      if (moved > 4) this.pan(dx, dy);
    });
    this.svg.addEventListener("click", (event) => {
      if (moved > 4) return;
      const { point, id } = event.target.dataset;
      if (point) choose(point, "point");
      else {
        pick(this.degrees(event));
        if (id) choose(id, "cell");
      }
    });
  }

  degrees(event) {
    const box = this.svg.getBoundingClientRect();
    const x = (event.clientX - box.left - this.shift[0]) / this.scale;
    const y = (event.clientY - box.top - this.shift[1]) / this.scale;
    return [x / (this.squeeze * 1e4), -y / 1e4];
  }

  destroy() {
    this.resized.disconnect();
    this.svg.remove();
  }
}
