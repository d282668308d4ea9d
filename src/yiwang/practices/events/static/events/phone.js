/**
 * A grid worker's day: the walk from where the phone is (worked out here, sent nowhere), the pages
 * of the visits kept for a dead spot, and steps that go through the outbox.
 */
import { t } from "yiwang/words";

const outbox = globalThis.YiwangOutbox;
const list = document.getElementById("visits");
const KEPT = "yiwang-own";

/* ---- the walk: the same rule as algorithms/walk.py ---- */
function metres([x1, y1], [x2, y2]) {
  const north = 111_132.95 - 559.85 * Math.cos((2 * ((y1 + y2) / 2) * Math.PI) / 180);
  const east = 111_319.49 * Math.cos((((y1 + y2) / 2) * Math.PI) / 180);
  return Math.hypot((x1 - x2) * east, (y1 - y2) * north);
}

const gap = (a, b) => (a && b ? metres(a, b) : 0);

function nearestFirst(points, start) {
  const left = points.map((_, index) => index);
  const order = [];
  let here = start;
  while (left.length) {
    left.sort((a, b) => metres(here, points[a]) - metres(here, points[b]) || a - b);
    order.push(left.shift());
    here = points[order.at(-1)];
  }
  return order;
}

function untangled(order, points, start) {
  for (let round = 0; round < 60; round++) {
    let better = false;
    for (let low = 0; low < order.length - 1; low++) {
      const before = low ? points[order[low - 1]] : start;
      for (let high = low + 1; high < order.length; high++) {
        const [first, last, after] = [points[order[low]], points[order[high]], points[order[high + 1]]];
        if (gap(before, first) + gap(last, after) - gap(before, last) - gap(first, after) <= 0.01) continue;
        order = [...order.slice(0, low), ...order.slice(low, high + 1).reverse(), ...order.slice(high + 1)];
        better = true;
      }
    }
    if (!better) break;
  }
  return order;
}

export function walkingOrder(points, start) {
  const length = (order) => order.reduce((sum, stop, n) => sum + gap(n ? points[order[n - 1]] : start, points[stop]), 0);
  const ways = [nearestFirst(points, start), points.map((_, index) => index)].map((way) => untangled(way, points, start));
  return ways.sort((a, b) => length(a) - length(b))[0];
}

/* As says.distance of the server says it. */
function far(m) {
  const short = m < 100 ? Math.round(m) : Math.round(m / 10) * 10;
  if (short < 1000) return t("{m} 米", "{m} m", { m: short });
  return t("{km} 公里", "{km} km", { km: (m / 1000).toFixed(1) });
}

function reorder(start) {
  const spots = JSON.parse(document.getElementById("spots").textContent);
  const points = spots.map(({ lon, lat }) => [lon, lat]);
  const cards = new Map([...list.children].map((card) => [card.dataset.visit, card]));
  let here = start;
  let total = 0;
  walkingOrder(points, start).forEach((index, place) => {
    const card = cards.get(spots[index].id);
    const leg = metres(here, points[index]);
    total += leg;
    here = points[index];
    card.querySelector(".step").textContent = place + 1;
    card.querySelector(".leg").textContent = t("走 {far}", "{far} walk", { far: far(leg) });
    list.append(card);
    cards.delete(spots[index].id);
  });
  let rest = points.length;
  for (const card of cards.values()) {
    card.querySelector(".step").textContent = ++rest;
    list.append(card);
  }
  document.getElementById("walk-length").textContent = far(total);
}

document.getElementById("from-here")?.addEventListener("click", (event) => {
  const pressed = event.currentTarget;
  pressed.classList.add("busy");
  navigator.geolocation?.getCurrentPosition(
    ({ coords }) => {
      pressed.classList.remove("busy");
      reorder([coords.longitude, coords.latitude]);
    },
    () => {
      pressed.classList.remove("busy");
      document.getElementById("from-here-said").textContent = t("没有定到位，按网格里的顺序走。", "No fix: the order stays as it is.");
    },
    { enableHighAccuracy: true, timeout: 15_000 },
  );
});

/* ---- visits kept for a dead spot: today's, and no others ---- */
async function keepVisits() {
  if (!list || !("caches" in window) || !navigator.onLine) return;
  const cache = await caches.open(KEPT);
  const wanted = new Set([...list.querySelectorAll("a.step-card")].map((card) => card.getAttribute("href")));
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname !== "/phone" && !wanted.has(pathname) && !pathname.startsWith("/photos/")) cache.delete(request);
  }
  await fetch("/phone", { headers: { Accept: "text/html" } }).then(async (answer) => {
    if (answer.ok && !answer.redirected) await cache.put("/phone", answer);
  });
  for (const address of wanted) await keepVisit(cache, address);
}

async function keepVisit(cache, address) {
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) return;
  const copy = answer.clone();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  await cache.put(address, copy);
  const pictures = [...page.querySelectorAll("img[data-keep]")].map((image) => image.getAttribute("src"));
  await Promise.allSettled(pictures.map((picture) => cache.add(picture)));
}

/* ---- a step on the spot ---- */
const picked = new Map(); // form → photos

function showPicked(form) {
  const box = form.querySelector(".shots");
  box.replaceChildren(...(picked.get(form) ?? []).map(({ blob }, index) => {
    const item = document.createElement("li");
    const image = document.createElement("img");
    image.src = URL.createObjectURL(blob);
    image.alt = t("第 {n} 张照片", "photo {n}", { n: index + 1 });
    item.append(image);
    return item;
  }));
  compare(form);
}

/* The photo of before under the new one: the slider shows whether the angle is the same. */
function compare(form) {
  const box = form.querySelector(".compare");
  const before = document.querySelector("img[data-before]");
  const [first] = picked.get(form) ?? [];
  if (!box || !before || !first) return;
  box.hidden = false;
  const [under, over] = box.querySelectorAll("img");
  under.src = before.src;
  over.src = URL.createObjectURL(first.blob);
  const slider = box.querySelector("input");
  const fade = () => (over.style.opacity = slider.value / 100);
  slider.addEventListener("input", fade);
  fade();
}

function showWrong(form, wrong) {
  for (const place of form.querySelectorAll(".error")) place.hidden = true;
  for (const [name, words] of Object.entries(wrong)) {
    const place = form.querySelector(`[data-error="${name}"]`) ?? form.querySelector('[data-error=""]');
    place.textContent = words;
    place.hidden = false;
  }
}

function draftOf(form, key) {
  const fields = Object.fromEntries([...new FormData(form)].filter(([name, given]) => typeof given === "string" && name !== "csrfmiddlewaretoken"));
  return {
    key, state: "waiting", who: document.getElementById("tray").dataset.who, url: form.dataset.send,
    page: location.pathname, title: `${form.dataset.title} · ${form.querySelector("button.go").textContent.trim()}`,
    at: Date.now(), fields, photos: picked.get(form) ?? [], wrong: {},
  };
}

for (const form of document.querySelectorAll("form.field-move")) {
  form.dataset.key = crypto.randomUUID?.() ?? String(Date.now());
  form.elements.photo?.addEventListener("change", async (event) => {
    const files = [...event.target.files];
    const side = Number(form.dataset.side);
    picked.set(form, await Promise.all(files.map((file) => globalThis.YiwangPhotos.taken(file, side))));
    event.target.value = "";
    showPicked(form);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const draft = draftOf(form, form.dataset.key);
    await outbox.put(draft);
    globalThis.YiwangTray.askForSync();
    await globalThis.YiwangTray.sendNow();
    const left = await outbox.get(draft.key);
    if (!left) location.href = "/phone";
    else if (left.state === "wrong") showWrong(form, left.wrong);
    else document.getElementById("tray").scrollIntoView({ block: "center" });
  });
}

async function load(key) {
  const draft = await outbox.get(key);
  const form = [...document.querySelectorAll("form.field-move")].find(
    (one) => one.elements.move.value === draft?.fields.move,
  );
  if (!form) return;
  form.dataset.key = draft.key;
  for (const [name, given] of Object.entries(draft.fields)) if (form.elements[name]) form.elements[name].value = given;
  picked.set(form, draft.photos);
  showPicked(form);
  showWrong(form, draft.wrong ?? {});
  form.closest("details")?.setAttribute("open", "");
}

document.addEventListener("edit-draft", ({ detail }) => load(detail));
const asked = /^#draft=(.+)$/.exec(location.hash);
if (asked) load(asked[1]);
keepVisits().catch(() => {});
