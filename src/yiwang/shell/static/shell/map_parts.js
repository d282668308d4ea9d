/** What both map renderers share: the lamps' shapes, bounds, where a label stands. */

export const COLOURS = {
  ok: "#22693f",
  warn: "#c99a1d",
  bad: "#a92c1a",
  idle: "#505d6a",
  ink: "#4c5865",
  brand: "#17494d",
  sheet: "#fbfbf8",
  here: "#e3eeed",
  line: "#b9c1b5",
  ground: "#eef1ec",
  water: "#b8cfe0",
  road: "#e0ddd2",
};

/** Marks and names grow with the page: 1 on a desk, more on a wall. */
export const unit = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

export const LABEL_FONT = '"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif';

/* Outlines in a box of −1 … 1: ● ◆ ▲ ■ ; a circle is drawn with arcs so that one path does for all. */
export const SHAPES = {
  ok: "M-0.9 0A0.9 0.9 0 1 0 0.9 0A0.9 0.9 0 1 0 -0.9 0Z",
  warn: "M0 -1.1L1.1 0L0 1.1L-1.1 0Z",
  bad: "M0 -1.1L1.1 0.85H-1.1Z",
  idle: "M-0.8 -0.8H0.8V0.8H-0.8Z",
};

/** How the border of a cell is drawn, by its property ``line``; dashes in widths of the line. */
export const LINES = {
  plain: { colour: COLOURS.line, width: 1.3 },
  thin: { colour: COLOURS.sheet, width: 0.7 },
  strong: { colour: COLOURS.brand, width: 2.2 },
  dashed: { colour: "#1d2733", width: 1.8, dashes: [3, 2] },
};

export const lineOf = ({ line }) => (line in LINES ? line : "plain");

export const lampOf = (point) => (point.lamp in SHAPES ? point.lamp : "idle");

/** Lines of a geometry as lists of positions; polygons and points have none. */
export function linesOf(geometry) {
  if (geometry?.type === "LineString") return [geometry.coordinates];
  if (geometry?.type === "MultiLineString") return geometry.coordinates;
  return [];
}

/** Polygons of a geometry as lists of rings; lines and points have none. */
export function polygonsOf(geometry) {
  if (geometry?.type === "Polygon") return [geometry.coordinates];
  if (geometry?.type === "MultiPolygon") return geometry.coordinates;
  return [];
}

function* positions(coordinates) {
  if (typeof coordinates?.[0] === "number") yield coordinates;
  else for (const part of coordinates ?? []) yield* positions(part);
}

/** [west, south, east, north] in degrees of cells and points; null when there is nothing. */
export function boundsOf(cells, points) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const add = ([x, y]) => {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  };
  for (const cell of cells) for (const at of positions(cell.geometry?.coordinates)) add(at);
  for (const point of points) add([point.lon, point.lat]);
  return Number.isFinite(box[0]) ? box : null;
}

function ringArea(ring) {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    twice += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  }
  return twice / 2;
}

/** Whether a spot lies within a polygon, given as its rings. */
export function inside([x, y], rings) {
  let within = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
    }
  }
  return within;
}

function centroid(ring) {
  let x = 0;
  let y = 0;
  const area = ringArea(ring);
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const cross = ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
    x += (ring[j][0] + ring[i][0]) * cross;
    y += (ring[j][1] + ring[i][1]) * cross;
  }
  return area ? [x / (6 * area), y / (6 * area)] : ring[0];
}

/** A point inside the largest polygon: its centroid, or the middle of the widest cut through it. */
export function labelPoint(geometry) {
  const polygons = polygonsOf(geometry);
  if (!polygons.length) return null;
  const size = (rings) => Math.abs(ringArea(rings[0]));
  const rings = polygons.reduce((a, b) => (size(b) > size(a) ? b : a));
  const centre = centroid(rings[0]);
  if (inside(centre, rings)) return centre;
  const y = centre[1];
  const cuts = [];
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > y !== yj > y) cuts.push(((xj - xi) * (y - yi)) / (yj - yi) + xi);
    }
  }
  cuts.sort((a, b) => a - b);
  let best = [centre[0], centre[0]];
  for (let i = 0; i + 1 < cuts.length; i += 2) {
    if (cuts[i + 1] - cuts[i] > best[1] - best[0]) best = [cuts[i], cuts[i + 1]];
  }
  return [(best[0] + best[1]) / 2, y];
}

/** Features with an id each; GeoJSON from the server may carry it as id or as a code. */
export function tidy(cells) {
  const features = cells?.features ?? cells ?? [];
  return features.map((feature) => {
    const given = feature.properties ?? {};
    const id = String(given.id ?? feature.id ?? given.code ?? "");
    return { ...feature, properties: { ...given, id, name: given.name ?? "" } };
  });
}

/** The smallest cell that holds a point's cell code: codes are hierarchical, so prefixes nest. */
export function cellOf(cells, code) {
  let best = "";
  for (const { properties } of cells) {
    if (code?.startsWith(properties.id) && properties.id.length > best.length) best = properties.id;
  }
  return best;
}
