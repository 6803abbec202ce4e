// What is typed into a form on a bad line stays on the phone until the server has it.
//
// A form is marked data-draft="ACCOUNT what it is". Its fields are kept under that name, its token among them: the token
// becomes the id of what is recorded, so what was kept and is sent again counts once. The token of the session is never
// kept. A page that shows what was recorded names it by data-draft-done, and the draft goes.
const PREFIX = "skillmatch draft ";
const NEVER = new Set(["csrf_token", "seen"]);
const WEEK = 7 * 24 * 3600 * 1000;
const TRY_AGAIN = 5000;
const LINE = document.querySelector("link[rel=icon]").href;

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name));
  } catch {
    return null;
  }
}

function write(name, draft) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(draft));
  } catch {
    // No room, or the browser keeps nothing: the form works as it does without this script.
  }
}

function forget(name) {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // There was nothing to forget.
  }
}

function names() {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => key.slice(PREFIX.length));
  } catch {
    return [];
  }
}

function tokenOf(draft) {
  return new Map(draft.fields).get("token");
}

function typed(form) {
  return [...new FormData(form).entries()].filter(([name, value]) => !NEVER.has(name) && typeof value === "string");
}

function withoutToken(fields) {
  return JSON.stringify(fields.filter(([name]) => name !== "token"));
}

function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!control.name || NEVER.has(control.name) || control.tagName === "BUTTON") continue;
    const wanted = values.get(control.name) ?? [];
    if (control.type === "checkbox" || control.type === "radio") control.checked = wanted.includes(control.value);
    else if (wanted.length) control.value = wanted[0];
  }
}

async function hasLine() {
  if (!navigator.onLine) return false;
  try {
    await fetch(LINE, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(TRY_AGAIN) });
    return true;
  } catch {
    return false;
  }
}

function watch(form) {
  const name = form.dataset.draft;
  const root = form.parentElement;
  const offer = root.querySelector("[data-draft-offer]");
  const line = root.querySelector("[data-draft-line]");
  const first = withoutToken(typed(form));
  let waiting = null;
  let sent = false;

  const keep = () => write(name, { fields: typed(form), time: Date.now() });
  const stop = () => {
    clearTimeout(waiting);
    waiting = null;
    line.hidden = true;
  };
  const send = async (button) => {
    clearTimeout(waiting);
    if (await hasLine()) {
      stop();
      sent = true;
      form.requestSubmit(button ?? undefined);
    } else if (!sent) {
      line.hidden = false;
      waiting = setTimeout(() => send(button), TRY_AGAIN);
    }
  };

  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (sent) {
      sent = false; // this one goes to the server; coming back to the page, the next may go again
      return;
    }
    event.preventDefault();
    keep();
    send(event.submitter);
  });
  window.addEventListener("online", () => waiting !== null && send());
  line.querySelector("[data-draft-now]").addEventListener("click", () => send());
  line.querySelector("[data-draft-stop]").addEventListener("click", stop);

  const draft = read(name);
  if (draft === null || "draftKept" in form.dataset) return;
  if (withoutToken(draft.fields) === first) {
    forget(name);
    return;
  }
  offer.querySelector("[data-draft-time]").textContent = new Date(draft.time).toLocaleString(
    document.documentElement.lang,
    { dateStyle: "medium", timeStyle: "short" },
  );
  offer.hidden = false;
  offer.querySelector("[data-draft-use]").addEventListener("click", () => {
    fill(form, draft.fields);
    keep();
    offer.hidden = true;
    form.querySelector("button.main").focus();
  });
  offer.querySelector("[data-draft-drop]").addEventListener("click", () => {
    forget(name);
    offer.hidden = true;
  });
}

const done = new Set([...document.querySelectorAll("[data-draft-done]")].map((one) => one.dataset.draftDone));
for (const name of names()) {
  const draft = read(name);
  if (draft === null || done.has(tokenOf(draft)) || Date.now() - draft.time > WEEK) forget(name);
}
for (const form of document.querySelectorAll("form[data-draft]")) {
  const account = form.dataset.draft.split(" ", 1)[0];
  for (const name of names()) if (!name.startsWith(`${account} `)) forget(name);
  watch(form);
}
for (const form of document.querySelectorAll("form[action$='/sign-out']")) {
  form.addEventListener("submit", () => names().forEach(forget));
}
