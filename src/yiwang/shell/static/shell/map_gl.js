/** The map drawn by MapLibre GL: thousands of cells and points, a base map where one is set. */
import * as maplibre from "maplibre";
import { COLOURS, LABEL_FONT, labelPoint, lampOf, LINES, SHAPES, unit } from "yiwang/map-parts";

const RATIO = 2; // pixels of a drawn image to one of the screen, at 16 px text
const MARGIN = 24;

function drawn(width, height, paint) {
  const canvas = document.createElement("canvas");
  canvas.width = width * RATIO;
  canvas.height = height * RATIO;
  const pen = canvas.getContext("2d");
  pen.scale(RATIO, RATIO);
  paint(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function lampImage(lamp) {
  return drawn(24, 24, (pen) => {
    pen.translate(12, 12);
    pen.scale(7, 7);
    const shape = new Path2D(SHAPES[lamp]);
    pen.lineWidth = 4 / 7;
    pen.lineJoin = "round";
    pen.strokeStyle = "#fff";
    pen.stroke(shape);
    pen.fillStyle = COLOURS[lamp];
    pen.fill(shape);
  });
}

/* Names are drawn as images: no font server is asked, and every 汉字 of a village shows. */
function nameImage(name, bold) {
  const font = `${bold ? "600 " : ""}13px ${LABEL_FONT}`;
  const measure = document.createElement("canvas").getContext("2d");
  measure.font = font;
  const width = Math.ceil(measure.measureText(name).width) + 6;
  return drawn(width, 22, (pen) => {
    pen.font = font;
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.lineWidth = 3;
    pen.strokeStyle = COLOURS.sheet;
    pen.strokeText(name, 3, 11);
    pen.fillStyle = bold ? COLOURS.brand : COLOURS.ink;
    pen.fillText(name, 3, 11);
  });
}

const collection = (features) => ({ type: "FeatureCollection", features });
const point = (coordinates, properties) => ({ type: "Feature", geometry: { type: "Point", coordinates }, properties });
const when = (on, off) => ["case", ["boolean", ["feature-state", "on"], false], on, off];

/* Dashes cannot follow a property (MapLibre style, line-dasharray): they are a layer of their own. */
const byLine = (what) => ["match", ["coalesce", ["get", "line"], "plain"],
  "thin", LINES.thin[what], "strong", LINES.strong[what], LINES.plain[what]];

function styleOf(basemap) {
  const empty = () => ({ type: "geojson", data: collection([]), promoteId: "id" });
  const base = basemap
    ? { base: { type: "raster", tiles: [basemap], tileSize: 256 } }
    : {};
  return {
    version: 8,
    sources: { ...base, cells: empty(), names: empty(), points: empty() },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": COLOURS.ground } },
      ...(basemap ? [{ id: "base", type: "raster", source: "base" }] : []),
      {
        id: "cells", type: "fill", source: "cells", filter: ["!=", ["get", "line"], "dashed"],
        paint: {
          "fill-color": when(COLOURS.here, ["coalesce", ["get", "fill"], COLOURS.sheet]),
          "fill-opacity": basemap ? 0.35 : 1,
        },
      },
      {
        id: "lines", type: "line", source: "cells", filter: ["!=", ["get", "line"], "dashed"],
        paint: { "line-color": byLine("colour"), "line-width": byLine("width") },
      },
      {
        id: "dashed", type: "line", source: "cells", filter: ["==", ["get", "line"], "dashed"],
        paint: {
          "line-color": LINES.dashed.colour, "line-width": LINES.dashed.width,
          "line-dasharray": LINES.dashed.dashes,
        },
      },
      {
        id: "chosen", type: "line", source: "cells", layout: { "line-join": "round" },
        paint: { "line-color": COLOURS.brand, "line-width": 2.6, "line-opacity": when(1, 0) },
      },
      {
        id: "names", type: "symbol", source: "names",
        layout: { "icon-image": ["get", "image"], "symbol-sort-key": ["get", "rank"], "icon-padding": 0 },
      },
      {
        id: "points", type: "symbol", source: "points",
        layout: {
          "icon-image": ["concat", "lamp:", ["get", "lamp"]],
          "icon-allow-overlap": true, "icon-ignore-placement": true,
          "icon-size": ["case", ["get", "on"], 1.5, 1], "symbol-sort-key": ["case", ["get", "on"], 9, ["get", "rank"]],
        },
      },
    ],
  };
}

/** Same methods as SvgMap: draw, select, view, zoom, pan, destroy. */
export class GlMap {
  constructor(element, { choose, pick, basemap }) {
    this.box = document.createElement("div");
    this.box.className = "map-canvas";
    element.append(this.box);
    maplibre.setWorkerUrl(import.meta.resolve("maplibre/worker"));
    this.map = new maplibre.Map({
      container: this.box, style: styleOf(basemap), center: [121.9, 29.9], zoom: 11,
      attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
      keyboard: false, fadeDuration: 0, renderWorldCopies: false,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.getCanvas().tabIndex = -1;
    this.map.getCanvas().setAttribute("aria-hidden", "true");
    this.map.setMissingStyleImageResolver((id) => this.drawImage(id));
    this.ready = new Promise((done) => this.map.once("load", done));
    this.listen(choose, pick);
    this.resized = new ResizeObserver(() => this.map.resize());
    this.resized.observe(element);
  }

  /* MapLibre asks for an image the first time a layer names it. */
  drawImage(id) {
    if (this.map.hasImage(id)) return;
    const [kind, name] = [id.slice(0, 5), id.slice(5)];
    const image = kind === "lamp:" ? lampImage(name) : nameImage(name, kind === "bold:");
    this.map.addImage(id, image, { pixelRatio: RATIO / unit() });
  }

  async draw(cells, points) {
    this.cells = cells;
    this.points = points;
    await this.ready;
    this.map.getSource("cells").setData(collection(cells));
    this.refresh();
  }

  /* Names and points carry what is chosen in their own properties; cells in feature state. */
  refresh() {
    const names = this.cells.flatMap(({ geometry, properties: { id, name } }) => {
      const at = name && labelPoint(geometry);
      const on = id === this.chosenCell;
      const rank = on ? -1 : id.length;
      return at ? [point(at, { id, rank, image: `${on ? "bold" : "name"}:${name}` })] : [];
    });
    const ranks = { idle: 1, ok: 2, warn: 3, bad: 4 };
    const marks = this.points.map((one) => point([one.lon, one.lat], {
      id: one.id, lamp: lampOf(one), rank: ranks[lampOf(one)], on: one.id === this.chosen,
    }));
    this.map.getSource("names").setData(collection(names));
    this.map.getSource("points").setData(collection(marks));
  }

  async select(id, cell) {
    const before = this.chosenCell;
    this.chosen = id;
    this.chosenCell = cell;
    await this.ready;
    if (before) this.map.setFeatureState({ source: "cells", id: before }, { on: false });
    if (cell) this.map.setFeatureState({ source: "cells", id: cell }, { on: true });
    this.refresh();
  }

  view([west, south, east, north]) {
    this.map.fitBounds([[west, south], [east, north]], { padding: MARGIN, animate: false, maxZoom: 17 });
  }

  zoom(factor) {
    this.map.zoomTo(this.map.getZoom() + Math.log2(factor), { duration: 150 });
  }

  pan(dx, dy) {
    this.map.panBy([-dx, -dy], { duration: 100 });
  }

  listen(choose, pick) {
    const hand = (on) => () => this.map.getCanvas().classList.toggle("hand", on);
    this.map.on("mouseenter", "points", hand(true));
    this.map.on("mouseleave", "points", hand(false));
    this.map.on("click", (event) => {
      if (!this.map.getLayer("points")) return;
      const { x, y } = event.point;
      const near = [[x - 6, y - 6], [x + 6, y + 6]];
      const hit = this.map.queryRenderedFeatures(near, { layers: ["points"] })[0];
      if (hit) return choose(hit.properties.id, "point");
      pick([event.lngLat.lng, event.lngLat.lat]);
      const cell = this.map.queryRenderedFeatures(event.point, { layers: ["cells"] })[0];
      if (cell) choose(cell.properties.id, "cell");
    });
  }

  destroy() {
    this.resized.disconnect();
    this.map.remove();
    this.box.remove();
  }
}
