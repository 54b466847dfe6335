// Makes src/borderlab/reference/map/border.json: land, state lines and the border line, clipped and simplified.
//
//   npm install --no-save us-atlas@3 world-atlas@2 topojson-client topojson-simplify d3-geo d3-geo-projection
//   node scripts/map_shapes.mjs [folder that holds node_modules]
//
// Sources: Natural Earth 1:10m countries (public domain) from world-atlas; U.S. Census Bureau cartographic state
// boundaries (public domain) from us-atlas. Both packages are ISC-licensed.
// Coordinates are projected here (equirectangular, true at 29.5 N), so that a page draws them as they are.
import { createRequire } from "node:module";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const base = path.resolve(process.argv[2] ?? ".");
const require = createRequire(path.join(base, "package.json"));
const { feature, mesh } = require("topojson-client");
const { presimplify, simplify } = require("topojson-simplify");
const d3 = { ...require("d3-geo"), ...require("d3-geo-projection") };

const BOX = [[-118.6, 24.9], [-95.9, 34.3]];
const SQUEEZE = Math.cos((29.5 * Math.PI) / 180);

const clip = (shape) => d3.geoProject(shape, d3.geoIdentity().clipExtent(BOX));
const round = (value) => Math.round(value * 1000) / 1000;
const project = ([lon, lat]) => [round(lon * SQUEEZE), round(lat)];
const walk = (coordinates) => (typeof coordinates[0] === "number" ? project(coordinates) : coordinates.map(walk));

function thin(ring) {
  return ring.filter((point, index) => index === 0 || point[0] !== ring[index - 1][0] || point[1] !== ring[index - 1][1]);
}
function shape(kind, geometry) {
  const clipped = clip(geometry);
  const found = clipped.geometry ?? clipped;
  let coordinates = walk(found.coordinates);
  if (found.type === "LineString") coordinates = thin(coordinates);
  if (found.type === "MultiLineString") coordinates = coordinates.map(thin).filter((line) => line.length > 1);
  if (found.type === "Polygon") coordinates = coordinates.map(thin).filter((ring) => ring.length > 4);
  if (found.type === "MultiPolygon") coordinates = coordinates.map((one) => one.map(thin).filter((ring) => ring.length > 4)).filter((one) => one.length);
  return { type: "Feature", properties: { kind }, geometry: { type: found.type, coordinates } };
}

const world = simplify(presimplify(require("world-atlas/countries-10m.json")), 4e-4);
const country = (name) => world.objects.countries.geometries.find((one) => one.properties.name === name);
const pick = (name) => feature(world, country(name));
const states = simplify(presimplify(require("us-atlas/states-10m.json")), 4e-4);
const names = new Set(["California", "Arizona", "New Mexico", "Texas", "Nevada", "Utah", "Oklahoma", "Louisiana", "Colorado", "Arkansas"]);
const some = { type: "GeometryCollection", geometries: states.objects.states.geometries.filter((one) => names.has(one.properties.name)) };
const line = mesh(world, { type: "GeometryCollection", geometries: [country("Mexico"), country("United States of America")] }, (a, b) => a !== b);

const out = {
  type: "FeatureCollection",
  about: {
    made_by: "scripts/map_shapes.mjs",
    source: "Natural Earth 1:10m countries (world-atlas) and U.S. Census Bureau state boundaries (us-atlas), public domain",
    projection: "x = longitude * cos(29.5 degrees), y = latitude",
    squeeze: SQUEEZE,
  },
  features: [
    shape("us", pick("United States of America")),
    shape("mx", pick("Mexico")),
    shape("states", { type: "Feature", properties: {}, geometry: mesh(states, some, (a, b) => a !== b) }),
    shape("border", { type: "Feature", properties: {}, geometry: line }),
  ],
};
const target = new URL("../src/borderlab/reference/map/border.json", import.meta.url);
mkdirSync(new URL(".", target), { recursive: true });
const text = JSON.stringify(out);
writeFileSync(target, text + "\n");
console.log(`${target.pathname}: ${(text.length / 1000).toFixed(0)} kB`);
