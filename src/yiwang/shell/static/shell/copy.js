/** A button with data-copy="id" copies that field. It stays hidden where scripts do not run. */
import { t } from "yiwang/words";
import { toast } from "yiwang/live";

async function copied(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy"); // without HTTPS there is no clipboard to ask
  }
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copied(document.getElementById(button.dataset.copy));
    if (done) toast(t("已复制。", "Copied."), "ok");
    else toast(t("没能复制，地址已选中，请自行复制。", "Not copied; the address is selected."), "warn");
  });
}
