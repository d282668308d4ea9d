/** The lot: which rows are ticked, kept over refreshes; x ticks the row one stands on. */
import { t } from "yiwang/words";

export class Lot {
  constructor() {
    this.ids = new Set();
    this.bar = document.getElementById("lot-bar");
    this.count = document.getElementById("lot-count");
    document.getElementById("lot-none")?.addEventListener("click", () => this.clear());
  }

  boxes(part) {
    return [...part.querySelectorAll("input[name=lot]")];
  }

  watch(part) {
    this.part = part;
    part.addEventListener("change", (event) => {
      if (event.target.name !== "lot") return;
      if (event.target.checked) this.ids.add(event.target.value);
      else this.ids.delete(event.target.value);
      this.show();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "x" || event.target.closest("input, textarea, select, dialog")) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const item = event.target.closest("a.item") ?? part.querySelector("a.item.on");
      item?.parentElement.querySelector("input[name=lot]")?.click();
    });
    this.restore(part);
  }

  /** Tick again what was ticked; a row that has gone is no longer in the lot. */
  restore(part) {
    const shown = new Set(this.boxes(part).map((box) => box.value));
    for (const box of this.boxes(part)) {
      if (box.checked) this.ids.add(box.value);
      box.checked = this.ids.has(box.value);
    }
    this.ids = new Set([...this.ids].filter((id) => shown.has(id)));
    this.show();
  }

  clear() {
    this.ids.clear();
    for (const box of this.boxes(this.part)) box.checked = false;
    this.show();
  }

  show() {
    if (!this.bar) return;
    this.bar.hidden = !this.ids.size;
    this.count.textContent = t("选中 {n} 件", "{n} chosen", { n: this.ids.size });
  }
}
