// Makes the page quicker: results while typing, keys, and the map. Everything but the map works without it.
"use strict";

const PAUSE = 200; // milliseconds without a key before the results are renewed
const find = (selector, within = document) => within.querySelector(selector);
const say = (words) => { find("#said").textContent = words; };

document.documentElement.classList.add("scripted");

// Results while typing

let running = null;
let timer = 0;

function addressOf(form) {
  const given = [...new FormData(form)].filter(([, value]) => value);
  const parameters = new URLSearchParams(given).toString();
  return form.getAttribute("action") + (parameters ? "?" + parameters : "");
}

// Put parts of another page in the place of this one's; returns whether that was possible.
async function show(address, parts) {
  clearTimeout(timer);
  running?.abort();
  running = new AbortController();
  find("#answer").classList.add("busy");
  try {
    const response = await fetch(address, { signal: running.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!find("#answer", page)) throw new Error(response.statusText);
    for (const part of parts) find(part).replaceWith(find(part, page));
    find("main").className = find("main", page).className;
    document.title = page.title;
    say(find("#answer h2")?.textContent ?? "");
    return true;
  } catch (error) {
    if (error.name === "AbortError") return false;
    find("#answer").classList.remove("busy");
    say("The server does not answer.");
    return false;
  }
}

async function renew(change) {
  const address = addressOf(find("form#search"));
  if (await show(address, ["#answer", "#pages"])) history[change](null, "", address);
}

if (find("form#search")) {
  document.addEventListener("input", (event) => {
    if (event.target.id !== "q" || event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(() => renew("replaceState"), PAUSE);
  });
  document.addEventListener("change", (event) => {
    if (event.target.form?.id === "search" && event.target.id !== "q") renew("pushState");
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "search") return;
    event.preventDefault();
    renew("pushState");
  });
  addEventListener("popstate", () => show(location.href, ["main", "#pages"]));
}

// Keys: / to type, arrows through the results, Escape back to the question

const isTyping = (element) => element.matches("input:not([type=radio], [type=checkbox]), textarea, select, [role=application]");

function move(step) {
  const field = find("#q");
  const links = [...document.querySelectorAll(".hits h3 a, .ranked h3 a, .short li > a")];
  const at = links.indexOf(document.activeElement);
  if (at === 0 && step < 0 && field) return field.focus();
  links[at < 0 ? 0 : Math.min(at + step, links.length - 1)]?.focus();
}

addEventListener("keydown", (event) => {
  const active = document.activeElement ?? document.body;
  const field = find("#q");
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "/" && field && !isTyping(active)) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (active === field || active.matches("body, li > a, h3 a"))) {
    if (active === field && event.key === "ArrowUp") return;
    if (!find(".hits a, .ranked a, .short a")) return;
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape" && active !== field && !active.matches("select, [role=application]")) {
    if (field) field.focus();
    else find(".back a")?.click();
  }
});

for (const form of document.querySelectorAll('form[action="/map"], form[action="/compare"]')) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, [type=radio]")) form.requestSubmit();
  });
}

// The map

const canvas = find("#map");
if (canvas) startMap(canvas);

async function startMap(canvas) {
  const response = await fetch(canvas.dataset.points);
  if (response.status === 409) return location.reload(); // the index has changed since
  const points = readPoints(await response.arrayBuffer());
  const hits = rowsOf(points, new Set(canvas.dataset.hits.split(" ").filter(Boolean).map(Number)));
  const hidden = new Set();
  const view = { scale: 1, x: 0.5, y: 0.5 }; // what is in the middle, from 0 to 1
  const pen = canvas.getContext("2d");
  let colours = [];
  let box = null;
  let planned = false;

  function draw() {
    planned = false;
    const dense = devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * dense);
    canvas.height = Math.round(canvas.clientHeight * dense);
    const shown = place(canvas, view);
    const room = Math.sqrt((canvas.clientWidth * canvas.clientHeight) / points.count); // of each point, if they were even
    const size = Math.min(9, Math.max(1.5, Math.min(6, 0.35 * room)) * Math.sqrt(view.scale)) * dense;
    const draws = points.count < 10000 ? drawDots : drawSquares;
    draws(shown, size, dense);
    pen.strokeStyle = colours.ink;
    pen.lineWidth = 2 * dense;
    for (const i of hits) {
      pen.beginPath();
      pen.arc(shown.x(points.places[2 * i]) * dense, shown.y(points.places[2 * i + 1]) * dense, 6 * dense, 0, 7);
      pen.stroke();
    }
    if (box) pen.strokeRect(box.x * dense, box.y * dense, (box.toX - box.x) * dense, (box.toY - box.y) * dense);
    canvas.dataset.drawn = points.byGroup.reduce((sum, rows, group) => sum + (hidden.has(group) ? 0 : rows.length), 0);
  }

  function drawDots(shown, size, dense) {
    for (let group = 0; group < colours.length; group++) {
      if (hidden.has(group)) continue;
      pen.fillStyle = colours[group];
      pen.beginPath();
      for (const i of points.byGroup[group] ?? []) {
        const [x, y] = [shown.x(points.places[2 * i]) * dense, shown.y(points.places[2 * i + 1]) * dense];
        pen.moveTo(x + size / 2, y);
        pen.arc(x, y, size / 2, 0, 7);
      }
      pen.fill();
    }
  }

  // Pixels are set one by one: that is quicker for many points, also where no graphics card helps.
  function drawSquares(shown, size, dense) {
    const { width, height } = canvas;
    const picture = pen.createImageData(width, height);
    const pixels = new Uint32Array(picture.data.buffer);
    const side = Math.round(size);
    const inks = colours.map((colour) => {
      const [red, green, blue] = colour.trim().match(/[0-9a-f]{2}/gi).map((pair) => parseInt(pair, 16));
      return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    });
    for (let i = 0; i < points.count; i++) {
      if (hidden.has(points.group[i])) continue;
      const left = Math.round(shown.x(points.places[2 * i]) * dense - side / 2);
      const top = Math.round(shown.y(points.places[2 * i + 1]) * dense - side / 2);
      if (left < 0 || top < 0 || left + side > width || top + side > height) continue;
      for (let row = top; row < top + side; row++) pixels.fill(inks[points.group[i]], row * width + left, row * width + left + side);
    }
    pen.putImageData(picture, 0, 0);
  }

  function plan() {
    if (!planned) requestAnimationFrame(draw);
    planned = true;
  }

  function readColours() {
    const style = getComputedStyle(document.documentElement);
    colours = [...Array(points.groups).keys()].map((group) =>
      style.getPropertyValue(find(`[data-group="${group}"] .gx`) || group > 7 ? "--gx" : `--g${group}`));
    colours.ink = style.getPropertyValue("--ink");
    plan();
  }

  function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
    const before = place(canvas, view);
    const [u, v] = [before.u(x), before.v(y)];
    view.scale = Math.min(200, Math.max(1, view.scale * factor));
    const after = place(canvas, view);
    view.x += u - after.u(x);
    view.y += v - after.v(y);
    plan();
  }

  function pan(dx, dy) {
    const shown = place(canvas, view);
    view.x = Math.min(1, Math.max(0, view.x - dx / shown.unit));
    view.y = Math.min(1, Math.max(0, view.y - dy / shown.unit));
    plan();
  }

  function rowsWithin(test) {
    const found = [];
    for (let i = 0; i < points.count; i++) {
      if (!hidden.has(points.group[i])) {
        const far = test(points.places[2 * i], points.places[2 * i + 1]);
        if (far !== false) found.push([far, i]);
      }
    }
    return found.sort((one, other) => one[0] - other[0]).map(([, i]) => i);
  }

  function listNear(x, y) {
    const shown = place(canvas, view);
    list(rowsWithin((u, v) => {
      const far = Math.hypot(shown.x(u) - x, shown.y(v) - y);
      return far <= 14 && far;
    }));
  }

  function listBox({ x, y, toX, toY }) {
    const shown = place(canvas, view);
    list(rowsWithin((u, v) => {
      const [a, b] = [shown.x(u), shown.y(v)];
      return a >= Math.min(x, toX) && a <= Math.max(x, toX) && b >= Math.min(y, toY) && b <= Math.max(y, toY) && 0;
    }));
  }

  async function list(rows) {
    const here = find("#here");
    const named = rows.slice(0, 50).map((i) => "chunk=" + points.chunks[i]).join("&");
    const page = new DOMParser().parseFromString(await (await fetch("/map/passages?" + named)).text(), "text/html");
    const count = rows.length === 1 ? "1 passage here" : `${rows.length.toLocaleString("en")} passages here`;
    find("h2", here).textContent = rows.length > 50 ? `${count}; the first 50` : count;
    [...here.children].slice(1).forEach((child) => child.remove());
    here.append(...page.body.children);
    say(count);
  }

  // One finger or the mouse moves, two fingers zoom, Shift or the box selects.
  const fingers = new Map();
  let moved = false;
  const at = (event) => {
    const edge = canvas.getBoundingClientRect();
    return { x: event.clientX - edge.left, y: event.clientY - edge.top };
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, at(event));
    moved = false;
    if (event.shiftKey || find("#box").checked) {
      const { x, y } = at(event);
      box = { x, y, toX: x, toY: y };
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    if (Math.hypot(now.x - before.x, now.y - before.y) < 3 && !moved) return;
    moved = true;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (box) [box.toX, box.toY] = [now.x, now.y];
    else if (other) zoom(Math.hypot(now.x - other.x, now.y - other.y) / Math.hypot(before.x - other.x, before.y - other.y), other.x, other.y);
    else pan(now.x - before.x, now.y - before.y);
    fingers.set(event.pointerId, now);
    plan();
  });
  canvas.addEventListener("pointerup", (event) => {
    fingers.delete(event.pointerId);
    const { x, y } = at(event);
    if (box && moved) listBox(box);
    else if (!moved) listNear(x, y);
    box = null;
    plan();
  });
  canvas.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 300), at(event).x, at(event).y);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] };
    if (steps[event.key]) pan(...steps[event.key]);
    else if (event.key === "+" || event.key === "=") zoom(1.5);
    else if (event.key === "-") zoom(1 / 1.5);
    else if (event.key === "Enter") listNear(canvas.clientWidth / 2, canvas.clientHeight / 2);
    else return;
    event.preventDefault();
  });
  const tools = { in: () => zoom(1.5), out: () => zoom(1 / 1.5), all: () => { Object.assign(view, { scale: 1, x: 0.5, y: 0.5 }); plan(); } };
  for (const button of document.querySelectorAll("[data-map]")) button.addEventListener("click", tools[button.dataset.map]);
  for (const button of document.querySelectorAll("[data-group]")) {
    button.addEventListener("click", () => {
      const group = Number(button.dataset.group);
      if (!hidden.delete(group)) hidden.add(group);
      button.setAttribute("aria-pressed", !hidden.has(group));
      plan();
    });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", readColours);
  new ResizeObserver(plan).observe(canvas);
  readColours();
}

// Where a place of the map is on the canvas, and back
function place(canvas, view) {
  const unit = Math.min(canvas.clientWidth, canvas.clientHeight) * 0.94 * view.scale;
  const [left, top] = [canvas.clientWidth / 2 - view.x * unit, canvas.clientHeight / 2 - view.y * unit];
  return {
    unit,
    x: (u) => left + (u / 65535) * unit,
    y: (v) => top + (v / 65535) * unit,
    u: (x) => (x - left) / unit,
    v: (y) => (y - top) / unit,
  };
}

// See PointMap.as_bytes
function readPoints(buffer) {
  const count = new DataView(buffer).getUint32(0, true);
  const chunks = new Uint32Array(buffer, 4, count);
  const places = new Uint16Array(buffer, 4 + 4 * count, 2 * count);
  const group = new Uint8Array(buffer, 4 + 8 * count, count);
  const byGroup = [];
  group.forEach((number, i) => (byGroup[number] ??= []).push(i));
  return { count, chunks, places, group, byGroup, groups: byGroup.length };
}

function rowsOf(points, chunks) {
  const rows = [];
  points.chunks.forEach((chunk, i) => chunks.has(chunk) && rows.push(i));
  return rows;
}
