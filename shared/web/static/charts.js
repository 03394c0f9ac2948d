/* Pictures of the tables beside them, drawn from what `data-chart` holds. Without them the tables say the same. */
"use strict";

const INKS = ["#1b5aa9", "#d99000", "#1c7d3c", "#b3141b", "#5d4a9c"]; // as `.chart-keys` has them
const TEXT = { color: "#1d2733", fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13 };

function axes(chart, isNarrow) {
  const label = { ...TEXT, interval: 0, rotate: isNarrow && chart.kind !== "lying" ? 60 : 0 };
  const names = { type: "category", data: chart.names, axisTick: { show: false }, axisLabel: label };
  const values = { type: "value", axisLabel: TEXT, splitLine: { lineStyle: { color: "#dde3ec" } } };
  if (chart.unit === "%") values.max = 100;
  if (chart.kind !== "lying") return { xAxis: names, yAxis: values };
  return { xAxis: values, yAxis: { ...names, inverse: true } };
}

function options(chart, isNarrow) {
  const always = { animation: false, color: INKS, textStyle: TEXT };
  if (chart.kind === "shares") {
    const [{ values }] = chart.series;
    const data = chart.names.map((name, place) => ({ name, value: values[place] })).filter((each) => each.value);
    const label = { ...TEXT, formatter: "{b} {d}%" };
    return { ...always, series: [{ type: "pie", radius: ["35%", "65%"], data, label }] };
  }
  const lying = chart.kind === "lying";
  const label = { show: lying || !isNarrow, position: lying ? "right" : "top", ...TEXT, fontSize: 11 };
  const series = chart.series.map(({ name, values }) => ({
    name, data: values, label, type: chart.kind === "lines" ? "line" : "bar", barMaxWidth: 26,
  }));
  return { ...always, grid: { left: 8, right: 32, top: 24, bottom: 8, containLabel: true }, ...axes(chart, isNarrow), series };
}

function draw(root) {
  root.querySelectorAll("[data-chart]").forEach((place) => {
    place.hidden = false;
    echarts.init(place).setOption(options(JSON.parse(place.dataset.chart), place.clientWidth < 700));
  });
}

draw(document);
window.addEventListener("resize", () => {
  document.querySelectorAll("[data-chart]").forEach((place) => echarts.getInstanceByDom(place).resize());
});
