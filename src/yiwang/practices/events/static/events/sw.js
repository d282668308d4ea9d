/*
 * The service worker. The server puts VERSION, SHELL, PAGES and OUTBOX before this code.
 * It keeps what the phone's pages are made of, the report page, and today's visits of the person
 * signed in; these last are forgotten at sign-out. Everything else goes to the network.
 */
importScripts(OUTBOX);

const SHELL_CACHE = `yiwang-shell-${VERSION}`;
const OWN_CACHE = "yiwang-own"; // pages of the person signed in
const PATIENCE = 4000; // milliseconds a page may take before the kept one is shown
const isOwn = (path) => path === "/phone" || path.startsWith("/phone/case/");

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(SHELL_CACHE);
    await Promise.allSettled([...SHELL, ...PAGES].map((address) => cache.add(address)));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter(
      (name) => name.startsWith("yiwang-") && name !== SHELL_CACHE && name !== OWN_CACHE,
    );
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && pathname.includes("sign-out")) {
    event.waitUntil(caches.delete(OWN_CACHE));
    return;
  }
  if (request.method !== "GET") return;
  if (pathname.startsWith("/static/")) event.respondWith(fromShell(request));
  else if (PAGES.includes(pathname)) event.respondWith(page(request, SHELL_CACHE));
  else if (isOwn(pathname)) event.respondWith(page(request, OWN_CACHE));
  else if (/^\/photos\/.+\/small$/.test(pathname)) event.respondWith(kept(request));
  else if (pathname === "/m/ground.json") event.respondWith(page(request, SHELL_CACHE));
});

async function fromShell(request) {
  const found = await caches.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(SHELL_CACHE)).put(request, answer.clone());
  return answer;
}

/* The network first; where it is gone, slow or away for a moment, what was kept. */
async function page(request, name) {
  const cache = await caches.open(name);
  const address = new URL(request.url).pathname;
  const asked = fetch(request).then(async (answer) => {
    if (answer.ok && !answer.redirected) await cache.put(address, answer.clone());
    if (answer.redirected && isOwn(address)) await caches.delete(OWN_CACHE);
    return answer;
  });
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  const first = await Promise.race([asked.catch(() => null), late]);
  const away = !first || first.status === 503; /* the server is there, what it needs is not */
  return (away && (await cache.match(address))) || first || asked;
}

/* A picture of a visit, if the page of the visit put it there. */
async function kept(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}

self.addEventListener("sync", (event) => {
  if (event.tag === "yiwang-outbox") event.waitUntil(sendAgain());
});

/* A sync that leaves something unsent asks the browser to try once more. */
async function sendAgain() {
  await self.YiwangOutbox.sendAll();
  const left = (await self.YiwangOutbox.all()).some(({ state }) => state === "waiting");
  if (left) throw new Error("something is still unsent");
}
