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

function fromRows({ rows, x, y, kind = "bar" }) {
  const names = Array.isArray(y) ? y : [y];
  return {
    tooltip: { trigger: "axis" },
    legend: names.length > 1 ? { top: 0 } : undefined,
    xAxis: { type: "category", data: rows.map((row) => row[x]), axisTick: { show: false } },
    yAxis: { type: "value", splitLine: { lineStyle: { color: "#e3e1da" } } },
    series: names.map((name) => ({
      name, type: kind, data: rows.map((row) => row[name]), barMaxWidth: 28, symbolSize: 6,
    })),
  };
}

/** Draw ``option`` in ``element``; answers the ECharts instance. */
export function draw(element, option) {
  const chart = echarts.getInstanceByDom(element) ?? echarts.init(element, null, { renderer: "svg" });
  const whole = option.rows ? fromRows(option) : option;
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
  const chart = draw(element, JSON.parse(block.textContent));
  new ResizeObserver(() => chart.resize()).observe(element);
}

const beginAll = (root) => root.querySelectorAll?.("[data-chart]").forEach(begin);
beginAll(document);
document.addEventListener("htmx:afterSettle", (event) => beginAll(event.target));
