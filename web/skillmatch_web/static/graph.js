// Walking through the graph of skills without loading whole pages: the neighbour moves into the middle.
// Without this file every link leads to the same page in the usual way.

const still = window.matchMedia("(prefers-reduced-motion: reduce)");
let walking = null;

function places() {
  const found = new Map();
  for (const box of document.querySelectorAll("svg.graph [data-skill]")) {
    found.set(box.dataset.skill, box.getBoundingClientRect());
  }
  return found;
}

function move(before) {
  if (still.matches) return;
  for (const box of document.querySelectorAll("svg.graph [data-skill]")) {
    const was = before.get(box.dataset.skill);
    const is = box.getBoundingClientRect();
    if (!is.width) continue;
    const scale = box.ownerSVGElement.viewBox.baseVal.width / box.ownerSVGElement.getBoundingClientRect().width;
    const from = was && was.width
      ? { transform: `translate(${(was.x - is.x) * scale}px, ${(was.y - is.y) * scale}px)` }
      : { opacity: 0 };
    box.animate([from, was && was.width ? { transform: "none" } : { opacity: 1 }], { duration: 350, easing: "ease-out" });
  }
  for (const edge of document.querySelectorAll("svg.graph .edge, svg.graph .arrow")) {
    edge.animate([{ opacity: 0 }, { opacity: 0, offset: 0.6 }, { opacity: 1 }], { duration: 500 });
  }
}

async function show(address, { push, focus }) {
  walking?.abort();
  walking = new AbortController();
  const asked = walking;
  let page;
  try {
    const answer = await fetch(address, { signal: asked.signal, credentials: "same-origin" });
    // Signed out, or not there: the browser shows what the server says.
    if (!answer.ok || answer.redirected) throw new Error("elsewhere");
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch (error) {
    if (error.name !== "AbortError") window.location.assign(address);
    return;
  }
  const fresh = page.querySelector("main");
  if (!fresh?.querySelector("#skill")) {
    window.location.assign(address);
    return;
  }
  const before = places();
  const height = window.scrollY;
  if (push) window.history.pushState({ skill: true }, "", address);
  document.title = page.title;
  document.querySelector("main").replaceWith(document.adoptNode(fresh));
  window.scrollTo(0, height);
  if (focus) document.querySelector("#skill").focus({ preventScroll: true });
  move(before);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("svg.graph a[data-skill]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  show(link.getAttribute("href"), { push: true, focus: true });
});

window.addEventListener("popstate", (event) => {
  if (event.state?.skill || history.state?.skill) show(window.location.href, { push: false, focus: true });
});

if (!history.state?.skill) history.replaceState({ skill: true }, "");
