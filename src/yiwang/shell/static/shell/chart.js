/**
 * A chart from a JSON block: <div class="chart" data-chart="#sales" aria-label="…"></div>.
 * The block is an ECharts option, or {rows, x, y, kind} for the common case. A table of the same
 * figures must stand beside it (in a <details>); the chart itself is hidden from screen readers.
 */
import * as echarts from "echarts";

const FONT = '"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif';
const PALETTE = ["#17494d", "#7fa6a8", "#b9a77a", "#6f8fb0", "#8c6f8f", "#505d6a"];

const THEME = {
  color: PALETTE,
  textStyle: { fontFamily: FONT, color: "#4c5865" },
  animation: false,
  grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
};

const LEGEND_ROW = 22; // pixels

/* How many rows the names take above the drawing: a Chinese letter is as wide as it is high. */
function legendRows(names, width) {
  const wide = (name) => 45 + [...name].reduce((sum, one) => sum + (one > "\u2e7f" ? 12 : 7), 0);
  let rows = 1;
  let used = 0;
  for (const name of names) {
    if (used && used + wide(name) > width) { rows += 1; used = 0; }
    used += wide(name);
  }
  return rows;
}

function fromRows({ rows, x, y, kind = "bar" }, width) {
  const names = Array.isArray(y) ? y : [y];
  const many = names.length > 1;
  return {
    tooltip: { trigger: "axis" },
    legend: many ? { top: 0, left: 0, itemGap: 10 } : undefined,
    grid: { ...THEME.grid, top: many ? 12 + legendRows(names, width) * LEGEND_ROW : THEME.grid.top },
    xAxis: { type: "category", data: rows.map((row) => row[x]), axisTick: { show: false } },
    yAxis: { type: "value", splitLine: { lineStyle: { color: "#e3e1da" } } },
    series: names.map((name) => ({
      name, type: kind, data: rows.map((row) => row[name]), barMaxWidth: 28, symbolSize: 6,
      stack: many && kind === "bar" ? "all" : undefined,
    })),
  };
}

/** Draw ``option`` in ``element``; answers the ECharts instance. */
export function draw(element, option) {
  const chart = echarts.getInstanceByDom(element) ?? echarts.init(element, null, { renderer: "svg" });
  const whole = option.rows ? fromRows(option, element.clientWidth) : option;
  chart.setOption({ ...THEME, ...whole, aria: { enabled: true, decal: { show: whole.series?.length > 1 } } }, true);
  chart.on("click", (event) => {
    const url = event.data?.url ?? event.value?.url;
    if (url) location.assign(url);
  });
  return chart;
}

function begin(element) {
  const block = document.querySelector(element.dataset.chart);
  if (!block) return;
  const option = JSON.parse(block.textContent);
  const chart = draw(element, option);
  new ResizeObserver(() => {
    chart.resize();
    if (option.rows) chart.setOption({ grid: fromRows(option, element.clientWidth).grid });
  }).observe(element);
}

const beginAll = (root) => root.querySelectorAll?.("[data-chart]").forEach(begin);
beginAll(document);
document.addEventListener("htmx:afterSettle", (event) => beginAll(event.target));
