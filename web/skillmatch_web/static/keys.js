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

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const here = rows.findIndex((row) => row === document.activeElement || row.closest("li")?.contains(document.activeElement));
  return stand(rows[Math.min(Math.max(here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by, 0), rows.length - 1)]);
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
    case "/": return stand(document.querySelector("input[type=search], #why"));
    case "j": return step(1);
    case "k": return step(-1);
    case "a": return stand(document.querySelector("form.assign button"));
    case "?": document.getElementById("keys")?.showModal(); return true;
    default: return false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.key === "Escape" && typing(event.target)) event.target.blur();
  else if (!typing(event.target) && !document.querySelector("dialog[open]") && press(event.key)) event.preventDefault();
});
