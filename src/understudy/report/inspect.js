"use strict";
// Everything that comes from data goes in as text, never as markup.
const { kinds, cases } = JSON.parse(document.getElementById("data").textContent);
const form = document.getElementById("filters");
const SIZE = 25;
let page = 1;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function fill(name, values) {
  for (const [value, label] of values) {
    const option = element("option", "", label);
    option.value = value;
    form.elements[name].append(option);
  }
}

function counted(valuesOf) {
  const counts = new Map();
  for (const each of cases)
    for (const value of new Set(valuesOf(each)))
      if (value) counts.set(value, (counts.get(value) || 0) + 1);
  return [...counts].sort().map(([value, count]) => [value, `${value} (${count})`]);
}

const sides = (each) => [each.due, each.given];
const ofErrors = counted((each) => each.errors);
const order = Object.keys(kinds);
ofErrors.sort((one, other) => order.indexOf(one[0]) - order.indexOf(other[0]));
const wrong = cases.filter((each) => each.errors.length).length;
fill("error", [["any", `any (${wrong})`], ["none", `none (${cases.length - wrong})`], ...ofErrors]);
fill("locale", counted((each) => [each.locale]));
fill("domain", counted((each) => sides(each).map((side) => side.domain)));
fill("intent", counted((each) => sides(each).map((side) => side.intent)));
fill("slot", counted((each) => sides(each).flatMap((side) => side.slots.map((slot) => slot[0]))));
form.elements.rejected.disabled = cases.every((each) => each.rejected === null);
for (const name of ["above", "below", "order"])
  form.elements[name].disabled = cases.every((each) => each.confidence === null);

for (const each of cases)
  each.searched = [each.text, each.id, each.due.intent, each.given.intent,
    ...sides(each).flatMap((side) => side.slots.map(([name, start, end]) => `${name}=${each.text.slice(start, end)}`)),
  ].join("\n").toLowerCase();

function chosen() {
  const asked = Object.fromEntries(new FormData(form));
  const search = asked.search.toLowerCase();
  const found = cases.filter((each) =>
    (!asked.error || (asked.error === "any" ? each.errors.length > 0
      : asked.error === "none" ? !each.errors.length : each.errors.includes(asked.error))) &&
    (!asked.locale || each.locale === asked.locale) &&
    (!asked.domain || sides(each).some((side) => side.domain === asked.domain)) &&
    (!asked.intent || sides(each).some((side) => side.intent === asked.intent)) &&
    (!asked.slot || sides(each).some((side) => side.slots.some((slot) => slot[0] === asked.slot))) &&
    (!asked.rejected || each.rejected === true) &&
    (!asked.above || (each.confidence !== null && each.confidence >= Number(asked.above))) &&
    (!asked.below || (each.confidence !== null && each.confidence <= Number(asked.below))) &&
    each.searched.includes(search));
  const up = { sure: -1, unsure: 1 }[asked.order];
  return up ? [...found].sort((one, other) => up * ((one.confidence ?? 0) - (other.confidence ?? 0))) : found;
}

function side(name, each, own, other) {
  const row = element("div", "side");
  const intent = own.intent || own.domain || "-";
  row.append(element("span", "name", name));
  row.append(element("span", intent === (other.intent || other.domain || "-") ? "intent" : "intent wrong", intent));
  const text = element("span", "text");
  text.lang = each.locale;
  const theirs = new Set(other.slots.map(String));
  let at = 0;
  for (const slot of own.slots) {
    const [label, start, end] = slot;
    text.append(each.text.slice(at, start));
    const marked = element("mark", theirs.has(String(slot)) ? "" : "wrong", each.text.slice(start, end));
    marked.append(element("small", "", label));
    text.append(marked);
    at = end;
  }
  text.append(each.text.slice(at));
  row.append(text);
  return row;
}

function item(each) {
  const made = element("li");
  const head = element("div", "case-head");
  head.append(element("span", each.errors.length ? "kind" : "kind right", each.errors.join(", ") || "right"));
  head.append(element("span", "", `${each.locale} ${each.id}`));
  if (each.confidence !== null) head.append(element("span", "", `confidence ${each.confidence.toFixed(2)}`));
  if (each.rejected) head.append(element("span", "kind", "rejected"));
  head.title = each.errors.map((kind) => kinds[kind]).join("; ");
  made.append(head, side("due", each, each.due, each.given));
  if (each.errors.length) made.append(side("given", each, each.given, each.due));
  return made;
}

function draw() {
  const found = chosen();
  const pages = Math.max(1, Math.ceil(found.length / SIZE));
  page = Math.min(Math.max(1, page), pages);
  document.getElementById("cases").replaceChildren(...found.slice((page - 1) * SIZE, page * SIZE).map(item));
  document.getElementById("count").textContent =
    `${found.length.toLocaleString("en")} of ${cases.length.toLocaleString("en")} utterances`;
  document.getElementById("page").textContent = `page ${page} of ${pages}`;
  document.getElementById("back").disabled = page === 1;
  document.getElementById("next").disabled = page === pages;
}

function turn(by) {
  page += by;
  remember();
  draw();
  document.getElementById("count").scrollIntoView();
}

// The address holds what is chosen, so that a link leads to the same view.
function remember() {
  const asked = [...new FormData(form)].filter(([, value]) => value);
  if (page > 1) asked.push(["page", String(page)]);
  history.replaceState(null, "", `#${new URLSearchParams(asked)}`);
}

function recall() {
  const asked = new URLSearchParams(location.hash.slice(1));
  form.reset();
  for (const [name, value] of asked) {
    const input = form.elements[name];
    if (!input) continue;
    if (input.type === "checkbox") input.checked = value === "on";
    else input.value = value;
  }
  page = Number(asked.get("page")) || 1;
  draw();
}

function changed() {
  page = 1;
  remember();
  draw();
}

form.addEventListener("input", changed);
form.addEventListener("reset", () => setTimeout(changed));
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("back").addEventListener("click", () => turn(-1));
document.getElementById("next").addEventListener("click", () => turn(1));
window.addEventListener("hashchange", recall);
recall();
