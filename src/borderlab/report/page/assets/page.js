// Draws the charts of the page. A chart may have a second form for narrow screens.
(function () {
  "use strict";
  var narrowScreen = window.matchMedia("(max-width: 40rem)");
  var given = document.getElementById("chart-settings");
  var settings = given ? JSON.parse(given.textContent) : null;

  function draw(box) {
    var held = JSON.parse(document.getElementById(box.id + "-spec").textContent);
    var spec = narrowScreen.matches && held.narrow ? held.narrow : held.wide;
    spec.config = settings.config;
    if (spec.width === "container" && !box.clientWidth) {  // inside a closed block: as wide as the text will be
      var frame = getComputedStyle(document.getElementById("content"));
      spec.width = document.getElementById("content").clientWidth - parseFloat(frame.paddingLeft) * 2;
    }
    return window.vegaEmbed(box, spec, {
      actions: false, renderer: "svg", mode: "vega-lite", tooltip: { theme: "custom" },
      formatLocale: settings.formatLocale, timeFormatLocale: settings.timeFormatLocale
    }).then(function () {
      // The frame around the chart names it; what is inside would only be read as noise.
      box.querySelectorAll("svg").forEach(function (svg) { svg.setAttribute("aria-hidden", "true"); });
    }).catch(function (error) {
      box.textContent = settings.failed;
      console.error(error);
    });
  }
  function drawAll() {
    var boxes = Array.prototype.slice.call(document.querySelectorAll(".chart"));
    return Promise.all(boxes.map(draw)).then(function () { document.documentElement.dataset.charts = "drawn"; });
  }
  narrowScreen.addEventListener("change", drawAll);
  // A chart that could not be drawn while its block was closed is drawn when it opens.
  document.querySelectorAll("details").forEach(function (block) {
    block.addEventListener("toggle", function () {
      if (!block.open) { return; }
      block.querySelectorAll(".chart").forEach(function (box) { if (!box.querySelector("svg")) { draw(box); } });
    });
  });

  // Paper cannot be opened: what stands folded on the screen is printed unfolded, unless it is a long list.
  var unfolded = [];
  window.addEventListener("beforeprint", function () {
    unfolded = Array.prototype.slice.call(document.querySelectorAll("details[data-paper]:not([open])"));
    unfolded.forEach(function (block) { block.open = true; });
  });
  window.addEventListener("afterprint", function () {
    unfolded.forEach(function (block) { block.open = false; });
  });

  function value(row, column) {
    var cell = row.cells[column];
    return cell.dataset.sort !== undefined ? Number(cell.dataset.sort) : cell.textContent.trim();
  }
  document.querySelectorAll("th[data-sortable] button").forEach(function (button) {
    button.addEventListener("click", function () {
      var head = button.parentElement, body = head.closest("table").tBodies[0];
      var sign = head.getAttribute("aria-sort") === "descending" ? 1 : -1;
      head.closest("tr").querySelectorAll("th").forEach(function (th) { th.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      Array.prototype.slice.call(body.rows).sort(function (a, b) {
        var x = value(a, head.cellIndex), y = value(b, head.cellIndex);
        return (typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y))) * sign;
      }).forEach(function (row) { body.appendChild(row); });
    });
  });
  drawAll();
})();
