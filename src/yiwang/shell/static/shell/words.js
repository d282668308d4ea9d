/** The two languages in the browser, side by side as everywhere: t("中文", "English"). */
export const english = document.documentElement.lang === "en";

/** The sentence in the reader's language, holes {name} filled; {n:case|cases} fits the number. */
export function t(zh, en, values = {}) {
  const sentence = english ? en : zh;
  return sentence.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (hole, name, one, many) =>
    many === undefined ? values[name] ?? hole : String(values[name]) === "1" ? one : many);
}
