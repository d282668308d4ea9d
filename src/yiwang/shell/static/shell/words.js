/** The two languages in the browser, side by side as everywhere: t("中文", "English"). */
export const english = document.documentElement.lang === "en";

/** The sentence in the reader's language, holes {name} filled. */
export function t(zh, en, values = {}) {
  const sentence = english ? en : zh;
  return sentence.replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
}
