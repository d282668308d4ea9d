/**
 * The outbox of the phone: what was written and not yet taken by the server, photos included.
 * A plain script, because both the pages and the service worker load it: globalThis.YiwangOutbox.
 *
 * A draft: { key, state, who, url, title, at, fields, photos: [{ blob, name, digest }], wrong }.
 * state: draft (still being written) | waiting (to be sent) | wrong (the server said what to mend)
 *        | account (another account has to sign in first).
 * The key is made when the draft is; the server opens one case for it however often it arrives.
 */
globalThis.YiwangOutbox = (() => {
  const NAME = "yiwang";
  const FRESH = "/r/fresh";
  const KEPT_RECEIPTS = 20;
  const MEND = new Set([400, 404, 409, 413, 422]);
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("yiwang-outbox") : null;
  const listeners = new Set();
  let opened;

  function open() {
    opened ??= new Promise((done, failed) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("drafts", { keyPath: "key" });
        request.result.createObjectStore("sent", { keyPath: "key" });
      };
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    return opened;
  }

  /* Resolves when the change is on the device, not before. */
  async function change(store, act) {
    const base = await open();
    await new Promise((done, failed) => {
      const task = base.transaction(store, "readwrite", { durability: "strict" });
      task.oncomplete = done;
      task.onerror = task.onabort = () => failed(task.error);
      act(task.objectStore(store));
    });
    changed();
  }

  async function read(store, ask) {
    const base = await open();
    return new Promise((done, failed) => {
      const request = ask(base.transaction(store).objectStore(store));
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
  }

  function changed() {
    for (const listener of listeners) listener();
    channel?.postMessage("changed");
  }
  channel?.addEventListener("message", () => listeners.forEach((listener) => listener()));

  const newest = (a, b) => b.at - a.at;
  const all = async () => (await read("drafts", (store) => store.getAll())).sort(newest);
  const sent = async () => (await read("sent", (store) => store.getAll())).sort(newest);
  const get = (key) => read("drafts", (store) => store.get(key));
  const put = (draft) => change("drafts", (store) => store.put(draft));
  const remove = (key) => change("drafts", (store) => store.delete(key));

  async function took(draft, answer) {
    await change("drafts", (store) => store.delete(draft.key));
    if (!answer.code) return;
    const receipt = { key: draft.key, at: Date.now(), title: draft.title, ...answer };
    await change("sent", (store) => store.put(receipt));
    const old = (await sent()).slice(KEPT_RECEIPTS);
    if (old.length) await change("sent", (store) => old.forEach(({ key }) => store.delete(key)));
  }

  function bodyOf(draft) {
    const body = new FormData();
    for (const [name, value] of Object.entries(draft.fields)) body.append(name, value);
    body.set("once_key", draft.key);
    body.set("who", draft.who);
    body.set("captured_at", new Date(draft.at).toISOString());
    for (const { blob, name, digest } of draft.photos) {
      body.append("photo", blob, name);
      body.append("digest", digest);
    }
    return body;
  }

  /* What became of one draft: sent, wrong, account, or later (nothing was decided). */
  async function sendOne(draft, token) {
    const answer = await fetch(draft.url, {
      method: "POST", body: bodyOf(draft), credentials: "same-origin", redirect: "manual",
      headers: { "X-CSRFToken": token, Accept: "application/json" },
    });
    if (answer.ok) {
      const said = await answer.json();
      await took(draft, said);
      return { state: "sent", answer: said };
    }
    if (answer.status === 401 || answer.type === "opaqueredirect") {
      await put({ ...draft, state: "account" });
      return { state: "account" };
    }
    const said = await answer.json().catch(() => ({ wrong: {} }));
    if (MEND.has(answer.status)) {
      await put({ ...draft, state: "wrong", wrong: said.wrong ?? {} });
      return { state: "wrong", wrong: said.wrong ?? {} };
    }
    return { state: "later", wrong: said.wrong ?? {} };
  }

  async function sendWaiting() {
    const results = Object.create(null);
    const drafts = (await all()).filter(({ state }) => ["waiting", "account"].includes(state));
    if (!drafts.length) return results;
    const fresh = await fetch(FRESH, { credentials: "same-origin", cache: "no-store" });
    if (!fresh.ok) throw new TypeError("no answer");
    const { token, who } = await fresh.json();
    for (const draft of drafts.reverse()) {
      if (draft.who && draft.who !== who) {
        if (draft.state !== "account") await put({ ...draft, state: "account" });
        results[draft.key] = { state: "account" };
        continue;
      }
      results[draft.key] = await sendOne(draft, token);
      if (results[draft.key].state === "later") break;
    }
    return results;
  }

  /* One sender at a time, page or worker; without a signal everything simply stays. */
  async function sendAll() {
    const send = () => sendWaiting().catch(() => ({}));
    return navigator.locks ? navigator.locks.request("yiwang-outbox", send) : send();
  }

  return { all, sent, get, put, remove, sendAll, watch: (listener) => listeners.add(listener) };
})();
