/**
 * Nothing typed is lost. A form with data-keep="key" saves its fields on this device until the
 * server has taken them. Passwords, files and fields with data-private are never kept.
 */
import { t } from "yiwang/words";

const PREFIX = "yiwang-keep:";
const SENT = "yiwang-sent";
const SKIPPED = new Set(["password", "file", "hidden", "submit", "button"]);
const DAY = 24 * 3600 * 1000;

const storageKey = (form) => PREFIX + form.dataset.keep;

function fieldsOf(form) {
  return [...form.elements].filter(
    (field) => field.name && !SKIPPED.has(field.type) && !("private" in field.dataset),
  );
}

function valuesOf(form) {
  const values = Object.create(null);
  for (const field of fieldsOf(form)) {
    const tick = field.type === "checkbox" || field.type === "radio";
    (values[field.name] ??= []).push(tick ? (field.checked ? field.value : null) : field.value);
  }
  return values;
}

/** Save the form's fields now. */
export function keep(form) {
  try {
    localStorage.setItem(storageKey(form), JSON.stringify({ at: Date.now(), values: valuesOf(form) }));
  } catch {
    /* a full or forbidden store: the page itself still holds what was typed */
  }
}

/** Forget what was kept: the server has it. */
export function forgetKept(form) {
  if (form.dataset.keep) localStorage.removeItem(storageKey(form));
}

function put(field, value) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = value !== null;
  else field.value = value ?? "";
}

/** Put back what was kept, unless the server already filled the form with an error to mend. */
export function restore(form) {
  const text = localStorage.getItem(storageKey(form));
  if (!text || form.querySelector("[aria-invalid=true]")) return;
  const { at, values } = JSON.parse(text);
  if (Date.now() - at > 7 * DAY) return forgetKept(form);
  const seen = new Map();
  let changed = false;
  for (const field of fieldsOf(form)) {
    const index = (seen.get(field.name) ?? -1) + 1;
    seen.set(field.name, index);
    const value = values[field.name]?.[index];
    if (value === undefined || value === field.value) continue;
    put(field, value);
    changed = true;
  }
  if (changed) sayKept(form);
}

function sayKept(form) {
  if (form.querySelector(".kept")) return;
  const note = document.createElement("p");
  note.className = "kept";
  note.setAttribute("role", "status");
  note.textContent = t("已恢复你上次没发出的内容。", "What you had not sent is back. ");
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "plain";
  drop.textContent = t("清空重填", "Start over");
  drop.addEventListener("click", () => {
    form.reset();
    forgetKept(form);
    note.remove();
  });
  note.append(drop);
  form.prepend(note);
}

export function restoreAll(root) {
  root.querySelectorAll?.("form[data-keep]").forEach(restore);
}

/**
 * Watch typing, and the server's word that it has a form: the page after a redirect shows a
 * success message, or an element with data-kept-done="key". Anything else keeps the typing.
 */
export function watchKept() {
  document.addEventListener("submit", ({ target }) => {
    if (target.dataset.keep) sessionStorage.setItem(SENT, target.dataset.keep);
  });
  const sent = sessionStorage.getItem(SENT);
  if (sent && document.querySelector(".messages .note.ok")) localStorage.removeItem(PREFIX + sent);
  sessionStorage.removeItem(SENT);
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.dataset.keep) keep(form);
  });
  for (const done of document.querySelectorAll("[data-kept-done]")) {
    localStorage.removeItem(PREFIX + done.dataset.keptDone);
  }
}
