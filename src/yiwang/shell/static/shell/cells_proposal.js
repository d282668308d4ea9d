/**
 * A proposal on the map: a press chooses the address point whose small area it falls in.
 *
 * What moving it would do comes from the server, into the same place as without this script.
 */
import { townMap } from "yiwang/map";
import { inside, polygonsOf } from "yiwang/map-parts";

const element = document.getElementById("proposal-map");
const choice = document.getElementById("proposal-spot");
const ground = JSON.parse(document.getElementById("proposal-ground").textContent);
const spots = ground.features.filter(({ properties }) => "spot" in properties);
const map = townMap(element, {
  cells: ground, illustrative: "illustrative" in element.dataset,
  selected: element.dataset.spot && `spot-${element.dataset.spot}`,
});

const spotAt = (place) => spots.find(({ geometry }) =>
  polygonsOf(geometry).some((rings) => inside(place, rings)))?.properties.spot;

element.addEventListener("pick", ({ detail: { lon, lat } }) => {
  const spot = spotAt([lon, lat]);
  if (spot === undefined) return;
  if (choice?.querySelector(`option[value="${spot}"]`)) choice.value = spot;
  window.htmx.ajax("GET", `${location.pathname}?spot=${spot}`, { target: "#move", swap: "innerHTML" });
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  const shown = target.id === "move" && target.querySelector("[data-spot]");
  if (!shown) return;
  map.select(`spot-${shown.dataset.spot}`);
  target.scrollIntoView({ block: "nearest" });
});
