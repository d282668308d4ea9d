/** What is kept on this phone: shown, sent again, mended or thrown away. */
import { t } from "yiwang/words";

const outbox = globalThis.YiwangOutbox;
const tray = document.getElementById("tray");
const MINUTE = 60_000;

const STATES = {
  draft: ["idle", () => t("没写完", "unfinished")],
  waiting: ["warn", () => t("待发出", "to be sent")],
  wrong: ["bad", () => t("要改一下", "needs mending")],
  account: ["bad", () => t("请用原来的账号登录后发出", "sign in with the same account to send it")],
};

function element(name, className, text = "") {
  const node = document.createElement(name);
  node.className = className;
  node.textContent = text;
  return node;
}

function button(words, act) {
  const node = element("button", "plain", words);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

const clock = (at) => new Date(at).toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "zh-CN", {
  month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit",
});

function edit(draft) {
  const [page] = draft.page.split("#");
  if (location.pathname === page) document.dispatchEvent(new CustomEvent("edit-draft", { detail: draft.key }));
  else location.href = `${page}#draft=${draft.key}`;
}

function line(draft) {
  const item = element("li", "kept-one");
  item.dataset.key = draft.key;
  const [lamp, words] = STATES[draft.state];
  const head = element("div", "row-line");
  head.append(element("b", "", draft.title || t("没写完的一件", "an unfinished report")), element("span", `chip ${lamp}`, words()));
  const photos = draft.photos.length ? t(" · {n} 张照片", " · {n} {n:photo|photos}", { n: draft.photos.length }) : "";
  item.append(head, element("small", "mute", clock(draft.at) + photos));
  for (const said of Object.values(draft.wrong ?? {})) item.append(element("p", "error", said));
  const acts = element("div", "acts");
  if (draft.state !== "draft") acts.append(button(t("现在发", "Send now"), () => again(draft)));
  acts.append(button(draft.state === "draft" ? t("接着写", "Go on") : t("改", "Edit"), () => edit(draft)));
  acts.append(button(t("删除", "Delete"), (event) => sure(event.target, draft)));
  item.append(acts);
  return item;
}

async function again(draft) {
  await outbox.put({ ...draft, state: "waiting", wrong: {} });
  await sendNow();
}

/* Thrown away only at the second press. */
function sure(pressed, draft) {
  if (pressed.dataset.sure) return outbox.remove(draft.key);
  pressed.dataset.sure = "1";
  pressed.classList.add("danger");
  pressed.textContent = t("确定删除？", "Really delete?");
}

function heading(drafts) {
  const waiting = drafts.filter(({ state }) => state !== "draft").length;
  if (!waiting) return t("这台手机上没写完的", "Unfinished on this phone");
  return navigator.onLine
    ? t("{n} 件存在本机，正在等着发出", "{n} kept on this phone, waiting to be sent", { n: waiting })
    : t("没有信号 · {n} 件存在本机，联网后自动发出", "No signal · {n} kept on this phone, sent when it is back", { n: waiting });
}

function receipt(one) {
  const item = element("li", "row-line");
  const link = element("a", "number", one.number);
  link.href = one.url;
  item.append(link, element("span", "", one.title), element("small", "mute", clock(one.at)));
  return item;
}

async function show() {
  if (!tray) return;
  const open = document.getElementById("report")?.elements.once_key?.value;
  const drafts = (await outbox.all()).filter(({ key, state }) => state !== "draft" || key !== open);
  const sent = tray.classList.contains("sent") ? await outbox.sent() : (await outbox.sent()).slice(0, 3);
  tray.replaceChildren();
  tray.hidden = !drafts.length && !sent.length;
  tray.dataset.unsent = drafts.filter(({ state }) => state !== "draft").length;
  if (drafts.length) {
    const note = element("div", "note warn");
    const box = element("div", "stack tight");
    const list = element("ul", "kept-list");
    list.append(...drafts.map(line));
    const words = element("p", "", heading(drafts));
    words.setAttribute("role", "status");
    box.append(words, list);
    note.append(box);
    tray.append(note);
  }
  if (sent.length) {
    const more = element("details", "more");
    more.open = tray.classList.contains("sent");
    const list = element("ul", "kept-list");
    list.append(...sent.map(receipt));
    more.append(element("summary", "", t("这台手机发出过的", "Sent from this phone")), list);
    tray.append(more);
  }
}

/** Try to send everything; tells other scripts of the page what became of it. */
async function sendNow() {
  const results = await outbox.sendAll();
  document.dispatchEvent(new CustomEvent("outbox-sent", { detail: results }));
  await show();
  return results;
}

async function askForSync() {
  const worker = await navigator.serviceWorker?.ready;
  await worker?.sync?.register("yiwang-outbox").catch(() => {});
}

outbox.watch(show);
globalThis.YiwangTray = { sendNow, askForSync };
window.addEventListener("online", sendNow);
window.addEventListener("offline", show);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sendNow());
setInterval(() => navigator.onLine && tray?.dataset.unsent > 0 && sendNow(), MINUTE);
navigator.serviceWorker?.register("/sw.js", { scope: "/" }).catch(() => {});
show();
sendNow();
