/**
 * What makes a page safe to use on a bad line: one press is one request, a failure is said,
 * a refusal is shown near its cause, and nothing typed is lost (see keep.js).
 */
import { t } from "yiwang/words";
import { forgetKept, restoreAll, watchKept } from "yiwang/keep";

const TOAST_MS = 8000;
const REST_MS = 15_000;
const KEYBOARD = matchMedia("(any-pointer: fine)"); // a phone would put up its own over the form
const FIELDS = "input:not([type=hidden], [type=file]), textarea, select";
const WRONG = 422;
const REFUSALS = new Set([403, 409, 413, 423, 429, 503]);

/** Say something in the corner: kind is ok, warn, bad or "". Errors stay until dismissed. */
export function toast(text, kind = "") {
  const box = document.getElementById("toasts");
  if (!box) return;
  const note = document.createElement("div");
  note.className = `note ${kind}`;
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "plain push";
  close.textContent = "×";
  close.setAttribute("aria-label", t("关闭", "Close"));
  close.addEventListener("click", () => note.remove());
  note.append(words, close);
  box.append(note);
  if (kind !== "bad") setTimeout(() => note.remove(), TOAST_MS);
}

const LOST = () =>
  t(
    "没有连上。你填的都还在，请稍后再试。",
    "No connection. What you typed is still here; please try again.",
  );
const BROKEN = () =>
  t(
    "系统出错，这一步没有完成。你填的都还在，请再试一次或告诉管理员。",
    "Something broke and this step was not done. What you typed is still here; try again or tell the administrator.",
  );

/* One press, one request: the pressed button rests until the answer is here. */
function pressed(form, submitter) {
  const buttons = submitter ? [submitter] : [...form.querySelectorAll("button:not([type=button])")];
  for (const button of buttons) {
    button.setAttribute("aria-disabled", "true");
    button.classList.add("busy");
  }
  form.dataset.sending = "1";
}

function released(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll(".busy")) {
    button.removeAttribute("aria-disabled");
    button.classList.remove("busy");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (form.method !== "post") return;
  addIdempotencyKey(form);
  setTimeout(() => {
    if (event.defaultPrevented) return; /* htmx, or a page's own script, has it */
    pressed(form, event.submitter);
    setTimeout(() => released(form), REST_MS); /* a download answers without a new page */
  });
}, true);

/* A part of a form may ask while somebody writes (closing words): that is not the form's sending. */
const sends = (elt, form) => elt === form || elt.tagName === "BUTTON";

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  const form = elt.closest("form");
  if (form?.dataset.sending || elt.classList.contains("busy")) return event.preventDefault();
  if (form && requestConfig.verb !== "get") {
    if (sends(elt, form)) pressed(form, requestConfig.triggeringEvent?.submitter);
  } else if (elt.tagName === "BUTTON") elt.classList.add("busy");
});

/* A form that asks for it gets a key, kept until the server has answered: data-once. */
function addIdempotencyKey(form) {
  if (!("once" in form.dataset)) return;
  let input = form.querySelector("input[name=idempotency_key]");
  if (!input) {
    input = document.createElement("input");
    input.type = "hidden";
    input.name = "idempotency_key";
    form.append(input);
  }
  input.value ||= crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
}

window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(released));

const formOf = (event) => event.detail.elt?.closest?.("form");

document.addEventListener("htmx:afterRequest", (event) => {
  const form = formOf(event);
  event.detail.elt?.classList?.remove("busy");
  if (!form || !sends(event.detail.elt, form)) return;
  released(form);
  if (event.detail.successful && event.detail.requestConfig.verb !== "get") {
    forgetKept(form);
    form.querySelector("input[name=idempotency_key]")?.remove();
  }
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => toast(LOST(), "bad"));
}

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (REFUSALS.has(status)) return;
  toast(BROKEN(), "bad");
});

/* A refusal goes to the nearest [data-refusal], else to the page's messages. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (!REFUSALS.has(xhr.status) || xhr.getResponseHeader("HX-Retarget")) return;
  const asked = requestConfig.elt;
  const near = asked.querySelector("[data-refusal]")
    ?? asked.closest("form, section, aside, dialog")?.querySelector("[data-refusal]");
  event.detail.target = near ?? document.getElementById("messages");
  event.detail.swapOverride = "innerHTML";
  event.detail.shouldSwap = true;
});

/* An answer that finds fault takes the reader to the first field in error, else to what is said. */
function goToWrong(root) {
  const field = root.querySelector?.("[aria-invalid=true]");
  const said = field ?? root.querySelector?.(".errors, .note.bad");
  if (!said) return;
  if (said !== field) said.tabIndex = -1;
  said.focus();
}

document.addEventListener("htmx:afterSettle", (event) => {
  restoreAll(event.target);
  event.target.querySelector?.("[autofocus]")?.focus();
  if (event.detail.xhr?.status === WRONG) goToWrong(event.target);
  if (KEYBOARD.matches && event.detail.target?.id === "move-form") {
    event.target.querySelector?.(FIELDS)?.focus(); // a form asked for by its key takes keys at once
  }
});

window.addEventListener("offline", () => toast(LOST(), "warn"));

function clocks() {
  const text = new Date().toLocaleTimeString("zh-CN", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Asia/Shanghai",
  });
  for (const clock of document.querySelectorAll("[data-clock]")) clock.textContent = text;
}

/* A wall renews itself every data-renew seconds; without an answer the last picture stays. */
async function renew() {
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (answer?.ok) location.reload();
}

/* A press on [data-open="id"] opens that dialog; Escape and the form inside close it. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  const menu = document.querySelector("details.menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

watchKept();
goToWrong(document.getElementById("main") ?? document);
restoreAll(document);
clocks();
setInterval(clocks, 10_000);
const lasts = Number(document.querySelector("[data-renew]")?.dataset.renew);
if (lasts) setInterval(renew, lasts * 1000);
