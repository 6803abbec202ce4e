// Keys for people with one hand on the phone. Never while somebody types, never with Ctrl, Alt or the like; whatever a
// key does, Tab and Enter do as well.
const WAIT = 1500;
let went = 0;

const typing = (where) => where.closest?.("input, textarea, select, [contenteditable], dialog[open] form");
const stand = (what) => {
  what?.focus();
  what?.scrollIntoView({ block: "nearest" });
  return Boolean(what);
};

const first = {
  "/": () => document.querySelector("input[type=search], #why"),
  j: () => rows()[0],
  a: () => {
    const button = document.querySelector("form.assign button");
    return button?.checkVisibility() ? button : button?.closest("details:not([open])")?.querySelector("summary");
  },
};

// A row is a link, or holds the link that opens it as its first.
function rows() {
  const links = [...document.querySelectorAll("main [data-row]")].map((row) => (row.matches("a") ? row : row.querySelector("a")));
  return links.filter((link) => link?.checkVisibility());
}

function step(by) {
  const all = rows();
  const around = (link) => link.closest("[data-row]:not(a), li, tr") ?? link;
  const here = all.findIndex((link) => around(link).contains(document.activeElement));
  return stand(all[Math.min(Math.max(here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by, 0), all.length - 1)]);
}

function show() {
  const keys = document.getElementById("keys");
  for (const line of keys?.querySelectorAll("[data-key]") ?? []) line.hidden = !first[line.dataset.key]();
  keys?.showModal();
  return true;
}

// What is under More lies over the page: Escape, or a click beside it, puts it away.
function fold(except) {
  const open = [...document.querySelectorAll(".top details[open]")].filter((one) => !one.contains(except));
  for (const one of open) {
    if (one.contains(document.activeElement)) one.querySelector("summary").focus();
    one.open = false;
  }
}

function go(letter) {
  const to = [...document.querySelectorAll("[data-go]")].find((link) => link.dataset.go === letter);
  if (to) location.assign(to.href);
  return Boolean(to);
}

function press(key) {
  if (Date.now() - went < WAIT) {
    went = 0;
    if (go(key)) return true;
  }
  went = key === "g" ? Date.now() : 0;
  switch (key) {
    case "/": return stand(first["/"]());
    case "j": return step(1);
    case "k": return step(-1);
    case "a": return stand(first.a());
    case "?": return show();
    default: return false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.key === "Escape") typing(event.target) ? event.target.blur() : fold();
  else if (!typing(event.target) && !document.querySelector("dialog[open]") && press(event.key)) event.preventDefault();
});
document.addEventListener("click", (event) => fold(event.target));
