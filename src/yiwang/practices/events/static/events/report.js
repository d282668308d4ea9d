/** The report page: photos, place, kind, send. Every change is kept on the phone at once. */
import { t } from "yiwang/words";

const outbox = globalThis.YiwangOutbox;
const form = document.getElementById("report");
const fields = form.elements;
const shots = document.getElementById("shots");
const said = document.getElementById("place-said");
const PAUSE = 300; // milliseconds after the last key before the draft is kept
const ROUGH = 100; // metres; a fix less sure than this is said to be rough
const TEXT_FIELDS = ["kind", "lon", "lat", "datum", "gps_lon", "gps_lat", "spot", "address", "text", "name", "phone"];

let photos = [];
let started = Date.now();
let kept = Promise.resolve();
let timer = 0;
let map = null;
let gone = false; // sent: nothing more to keep

/* The page may come from the phone's cache: its key is never used twice. */
if (!form.querySelector("[aria-invalid=true]")) fields.once_key.value = newKey();

for (const hidden of document.querySelectorAll(".needs-js")) hidden.hidden = false;

/* ---- the draft ---- */
const value = (name) => fields[name]?.value ?? "";

function draftNow(state) {
  const given = Object.fromEntries(TEXT_FIELDS.map((name) => [name, value(name)]));
  if (fields.anywhere.checked) given.anywhere = "1";
  const kind = form.querySelector("[name=kind]:checked")?.nextElementSibling.textContent ?? "";
  const words = value("text").trim().split("\n")[0].slice(0, 24);
  const who = document.getElementById("tray").dataset.who;
  return {
    key: fields.once_key.value, state, who, url: form.dataset.send, page: form.getAttribute("action"),
    title: [kind, words || value("address")].filter(Boolean).join(" · "), at: started,
    fields: given, photos, wrong: {},
  };
}

const isEmpty = () => !photos.length && !["text", "address", "kind"].some(value) && !value("lon");

function keepSoon() {
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE);
}

function keep() {
  clearTimeout(timer);
  if (gone || form.dataset.busy) return kept;
  if (!isEmpty()) kept = kept.then(() => outbox.put(draftNow("draft"))).catch(() => {});
  return kept;
}

async function load(key) {
  await keep();
  const draft = await outbox.get(key);
  if (!draft) return;
  form.reset();
  fields.once_key.value = draft.key;
  started = draft.at;
  for (const name of TEXT_FIELDS) if (fields[name]) fields[name].value = draft.fields[name] ?? "";
  fields.anywhere.checked = Boolean(draft.fields.anywhere);
  photos = draft.photos;
  showPhotos();
  sayPlace();
  await outbox.put({ ...draft, state: "draft" });
  showWrong(draft.wrong ?? {});
  form.scrollIntoView({ block: "start" });
}

function begin() {
  form.reset();
  for (const name of ["lon", "lat", "gps_lon", "gps_lat"]) fields[name].value = "";
  fields.once_key.value = newKey();
  photos = [];
  started = Date.now();
  showPhotos();
  sayPlace();
  showWrong({});
}

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/* ---- photos ---- */
fields.photo.addEventListener("change", async () => {
  const most = Number(form.dataset.mostPhotos);
  const files = [...fields.photo.files];
  const side = Number(form.dataset.side);
  shots.setAttribute("aria-busy", "true");
  for (const file of files.slice(0, most - photos.length)) {
    photos.push(await globalThis.YiwangPhotos.taken(file, side));
    showPhotos();
  }
  shots.removeAttribute("aria-busy");
  fields.photo.value = "";
  const over = files.length && photos.length >= most && files.length > most;
  showAt("photo", over ? t("最多 {most} 张照片。", "At most {most} {most:photo|photos}.", { most }) : "");
  keep();
});

function showPhotos() {
  for (const image of shots.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  shots.replaceChildren(...photos.map((photo, index) => {
    const item = document.createElement("li");
    const image = document.createElement("img");
    image.src = URL.createObjectURL(photo.blob);
    image.alt = t("第 {n} 张照片", "photo {n}", { n: index + 1 });
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "drop";
    drop.textContent = "×";
    drop.setAttribute("aria-label", t("去掉第 {n} 张", "Remove photo {n}", { n: index + 1 }));
    drop.addEventListener("click", () => {
      photos.splice(index, 1);
      showPhotos();
      keep();
    });
    item.append(image, drop);
    return item;
  }));
}

/* ---- place ---- */
function setPoint(lon, lat) {
  fields.lon.value = lon.toFixed(6);
  fields.lat.value = lat.toFixed(6);
  fields.spot.value = "";
  showAt("place", "");
  sayPlace();
  keep();
  askNear();
}

function sayPlace(more = "") {
  const set = value("lon") && value("lat");
  const point = set ? t("已定点。可在地图上再点一下来移动。", "The point is set. Tap the map to move it.") : "";
  said.textContent = [more, point].filter(Boolean).join(" ");
}

document.getElementById("locate").addEventListener("click", (event) => {
  const pressed = event.currentTarget;
  if (!navigator.geolocation) return sayPlace(NO_FIX());
  pressed.classList.add("busy");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      pressed.classList.remove("busy");
      fields.gps_lon.value = coords.longitude;
      fields.gps_lat.value = coords.latitude;
      setPoint(coords.longitude, coords.latitude);
      const metres = Math.round(coords.accuracy);
      sayPlace(metres > ROUGH
        ? t("定位较粗，约 {metres} 米。", "The fix is rough: about {metres} m.", { metres })
        : t("已定位，约 {metres} 米。", "Located within about {metres} m.", { metres }));
      map?.pickAt?.({ lon: coords.longitude, lat: coords.latitude });
    },
    () => {
      pressed.classList.remove("busy");
      sayPlace(NO_FIX());
    },
    { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
  );
});

const NO_FIX = () => t(
  "没有定到位：请点地图，或选一个村社。",
  "No fix: tap the map, or choose a village.",
);

document.getElementById("open-map").addEventListener("click", async (event) => {
  const box = document.getElementById("map-box");
  const pressed = event.currentTarget;
  box.hidden = !box.hidden;
  pressed.setAttribute("aria-expanded", String(!box.hidden));
  if (box.hidden || map) return;
  const element = document.getElementById("map");
  try {
    const [{ townMap }, cells] = await Promise.all([
      import("yiwang/map"), fetch(element.dataset.ground).then((answer) => answer.json()),
    ]);
    const illustrative = cells.features.some((feature) => feature.properties.illustrative);
    map = townMap(element, { cells, points: [], illustrative });
    element.addEventListener("pick", ({ detail }) => {
      map.pickAt?.(detail);
      setPoint(detail.lon, detail.lat);
    });
    if (value("lon")) map.pickAt?.({ lon: Number(value("lon")), lat: Number(value("lat")) });
  } catch {
    box.hidden = true;
    sayPlace(t("地图没有打开：请选一个村社。", "The map did not open: choose a village."));
  }
});

fields.spot.addEventListener("change", () => {
  if (!fields.spot.value) return;
  fields.lon.value = fields.lat.value = "";
  showAt("place", "");
  said.textContent = "";
});

/* ---- is it this one? ---- */
let lastAsked = 0; // an answer that a newer question has overtaken is not shown

async function askNear() {
  const mine = ++lastAsked;
  const box = document.getElementById("near");
  const kind = value("kind");
  if (!kind || !value("lon") || !navigator.onLine) return box.replaceChildren();
  const query = new URLSearchParams({ kind, lon: value("lon"), lat: value("lat") });
  try {
    const answer = await fetch(`${form.dataset.near}?${query}`);
    if (!answer.ok || mine !== lastAsked) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    box.replaceChildren(...found.body.children);
  } catch {
    /* only a hint: without it the report is sent as it is */
  }
}

document.getElementById("near").addEventListener("click", async (event) => {
  const pressed = event.target.closest("[data-same]");
  if (!pressed) return;
  pressed.disabled = true;
  const body = new FormData();
  body.set("once_key", fields.once_key.value);
  try {
    const { token } = await (await fetch("/r/fresh", { cache: "no-store" })).json();
    const answer = await fetch(`/r/same/${pressed.dataset.same}`, {
      method: "POST", body, headers: { "X-CSRFToken": token },
    });
    const result = await answer.json();
    if (answer.ok) {
      gone = true;
      await outbox.remove(fields.once_key.value);
      location.href = result.url;
      return;
    }
    showWrong(result.wrong);
  } catch {
    showWrong({ "": t("没有连上，请直接发送。", "No connection: just send yours.") });
  }
  pressed.disabled = false;
});

/* ---- what is wrong, at its field ---- */
function showAt(name, words) {
  const place = document.getElementById(name === "" || !document.getElementById(`${name}-error`) ? "whole-error" : `${name}-error`);
  place.textContent = words;
  place.hidden = !words;
  const field = document.getElementById(name);
  if (words) {
    field?.setAttribute("aria-invalid", "true");
    place.closest("details")?.setAttribute("open", "");
  } else field?.removeAttribute("aria-invalid");
}

function showWrong(wrong) {
  for (const name of ["photo", "place", "kind", "text", "address", "name", "phone", ""]) showAt(name, "");
  for (const [name, words] of Object.entries(wrong)) showAt(name, words);
  const first = [...form.querySelectorAll(".error")].find((place) => !place.hidden);
  first?.scrollIntoView({ block: "center" });
}

function missing() {
  const wrong = {};
  const placed = value("lon") || fields.spot.value || fields.anywhere.checked;
  if (!placed) wrong.place = t("还没有定地点：定位、点地图、选村社，或勾选“地点说不清”。", "Where is it? Use your position, the map, a village, or tick “cannot say where”.");
  if (!value("kind")) wrong.kind = t("请选一类；说不准就选“其他”。", "Choose a kind; if unsure, “something else”.");
  if (!photos.length && !value("text").trim()) wrong.text = t("拍张照片，或写一句话。", "Take a photo, or write a sentence.");
  return wrong;
}

/* ---- send ---- */
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (form.dataset.busy) return;
  const wrong = missing();
  showWrong(wrong);
  if (Object.keys(wrong).length) return;
  await keep();
  form.dataset.busy = "1";
  const pressed = document.getElementById("send");
  pressed.classList.add("busy");
  const draft = draftNow("waiting");
  if (fields.website.value) draft.fields.website = fields.website.value;
  try {
    await outbox.put(draft);
  } catch {
    form.submit(); // no room on this phone: send the plain way
    return;
  }
  globalThis.YiwangTray.askForSync();
  await globalThis.YiwangTray.sendNow();
  delete form.dataset.busy;
  pressed.classList.remove("busy");
  const left = await outbox.get(draft.key);
  if (!left) {
    gone = true;
    const receipt = (await outbox.sent()).find(({ key }) => key === draft.key);
    location.href = receipt ? `${receipt.url}?new=1` : form.action;
  } else if (left.state === "wrong") {
    await outbox.put({ ...left, state: "draft" });
    showWrong(left.wrong);
  } else begin(); // it waits in the tray
  document.getElementById("tray").scrollIntoView({ block: "center" });
});

form.addEventListener("input", (event) => {
  keepSoon();
  if (event.target.getAttribute("aria-invalid")) showAt(event.target.id, "");
});
form.addEventListener("change", (event) => {
  keepSoon();
  if (event.target.name === "kind") {
    showAt("kind", "");
    askNear();
  }
});
document.addEventListener("edit-draft", ({ detail }) => load(detail));
window.addEventListener("pagehide", keep);

const asked = /^#draft=(.+)$/.exec(location.hash);
if (asked) {
  history.replaceState(null, "", location.pathname);
  load(asked[1]);
}
