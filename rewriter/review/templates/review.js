"use strict";
// Lights the sentences that support each other, and says what a sentence's values stand on.
const evidence = document.getElementById("evidence");
const sentences = [...document.querySelectorAll(".s")];
const byId = new Map(sentences.map((s) => [s.id, s]));
let kept = null;

const linked = (s) => s.dataset.links.split(" ").map((id) => byId.get(id)).filter(Boolean);

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  made.dir = "auto";
  if (className) made.className = className;
  return made;
}

function light(sentence, scroll) {
  document.querySelectorAll(".lit").forEach((s) => s.classList.remove("lit"));
  if (!sentence) { evidence.hidden = true; return; }
  const others = linked(sentence);
  [sentence, ...others].forEach((s) => s.classList.add("lit"));
  explain(sentence, others);
  // Beside each other each text scrolls by itself; one below the other the quotation must do.
  if (scroll && others[0] && window.matchMedia("(min-width: 861px)").matches) others[0].scrollIntoView({ block: "nearest" });
}

function explain(sentence, others) {
  const isRewrite = Boolean(sentence.closest('[data-panel="rewrite"]'));
  const head = isRewrite
    ? others.length ? `Stands on ${others.length} of the source's sentences.` : "No sentence of the source supports this one."
    : others.length ? `Used by ${others.length} sentence(s) of the rewrite.` : "The rewrite does not use this sentence.";
  const list = element("ul", "");
  const told = new Map(others.map((other) => [other.textContent.trim(), new Set()]));
  sentence.querySelectorAll("[data-value]").forEach((mark) => {
    const { value, state, words } = mark.dataset;
    told.set(words, (told.get(words) || new Set()).add(`${value} (${state})`));
  });
  told.forEach((values, words) => {
    const item = element("li", "");
    item.append(element("b", [...values].join(", ")), values.size && words ? ": " : "", element("span", words, "soft"));
    list.append(item);
  });
  evidence.replaceChildren(element("div", head), list);
  evidence.hidden = false;
}

document.querySelectorAll("[data-panel]").forEach((panel) => {
  const own = sentences.filter((s) => panel.contains(s));
  if (own[0]) own[0].tabIndex = 0;
  const move = (to) => {
    if (!to) return;
    own.forEach((s) => { s.tabIndex = -1; });
    to.tabIndex = 0;
    to.focus();
  };
  panel.addEventListener("pointerover", (event) => { if (!kept) light(event.target.closest(".s"), false); });
  panel.addEventListener("pointerleave", () => { if (!kept) light(null); });
  panel.addEventListener("focusin", (event) => { const s = event.target.closest(".s"); if (s) { kept = null; light(s, true); } });
  panel.addEventListener("click", (event) => { const s = event.target.closest(".s"); if (s) { move(s); kept = s; } });
  panel.addEventListener("keydown", (event) => {
    const at = own.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowRight: 1, j: 1, ArrowUp: -1, ArrowLeft: -1, k: -1 }[event.key];
    if (step) { move(own[at + step]); event.preventDefault(); }
    if (event.key === "Home") { move(own[0]); event.preventDefault(); }
    if (event.key === "End") { move(own[own.length - 1]); event.preventDefault(); }
    if (event.key === "Enter") { kept = kept === event.target ? null : event.target; light(event.target, true); }
    if (event.key === "Escape") { kept = null; light(null); }
    if (event.key === "n") next(event.target);
  });
});

const links = [...document.querySelectorAll(".findings a[data-section]")];

function next(from) {
  const pointed = [...document.querySelectorAll(".mk.pointed")].map((m) => m.closest(".s"));
  const after = pointed.find((s) => from.compareDocumentPosition(s) & Node.DOCUMENT_POSITION_FOLLOWING);
  const to = after || pointed[0];
  if (to) { to.tabIndex = 0; to.focus(); }
}

links.forEach((link) => link.addEventListener("click", (event) => {
  const { section, place, code } = link.dataset;
  const passage = [...document.querySelectorAll("[data-place]")].find((p) => p.tagName === "P" && p.dataset.section === section && p.dataset.place === place);
  const mark = passage && [...passage.querySelectorAll(".mk.pointed")].find((m) => m.dataset.code === code);
  const target = (mark && mark.closest(".s")) || (passage && passage.querySelector(".s"));
  if (!target) return;
  event.preventDefault();
  target.tabIndex = 0;
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
  kept = target;
}));

// --- decisions, where a server takes them -----------------------------------------------------

const panel = document.getElementById("decide");

async function send(action, fields) {
  const answer = await fetch(`${panel.dataset.address}/${action}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ seen: panel.dataset.digest, ...fields }),
  }).catch(() => null);
  if (!answer) return { error: "the server does not answer; is 'rewriter review --serve' running?" };
  return answer.json().catch(() => ({ error: `the server answered ${answer.status}` }));
}

function complain(text) {
  const alert = document.getElementById("alert");
  alert.textContent = text;
  alert.hidden = false;
  alert.scrollIntoView({ block: "center" });
}

async function decide(action, fields, button, form) {
  button.disabled = true;
  const result = await send(action, fields);
  button.disabled = false;
  if (result.error) return complain(result.error);
  if (form) form.remove(); // its text is saved
  const place = (fields.place || "").replaceAll(" ", "-");
  window.location.hash = fields.section ? `p-${fields.section}-${place}` : "decide"; // where the reader goes on
  window.location.reload();
}

// A text that is not saved is not lost by a decision elsewhere on the page.
window.addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue)) event.preventDefault();
});

if (panel) {
  panel.querySelectorAll("form").forEach((form) => form.addEventListener("submit", (event) => {
    event.preventDefault();
    decide(form.dataset.action, Object.fromEntries(new FormData(form)), form.querySelector("button"));
  }));
  document.querySelectorAll("[data-edit]").forEach((button) => button.addEventListener("click", () => open(button)));
}

function open(button) {
  const { section, place } = button.dataset;
  const passage = button.previousElementSibling;
  const form = document.createElement("form");
  const label = element("label", `Text of ${section.replace("_", " ")}, ${place} `);
  const area = document.createElement("textarea");
  area.rows = 6;
  area.dir = "auto";
  area.lang = passage.closest("[lang]").lang;
  area.defaultValue = passage.textContent.trim();
  label.append(area);
  const found = element("ul", "", "findings");
  found.setAttribute("aria-live", "polite");
  const save = element("button", "Save", "main");
  const cancel = element("button", "Cancel");
  cancel.type = "button";
  form.append(label, found, save, " ", cancel);
  const close = () => { form.remove(); passage.hidden = false; button.hidden = false; button.focus(); };
  cancel.addEventListener("click", close);
  form.addEventListener("keydown", (event) => { if (event.key === "Escape" && area.value === area.defaultValue) close(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    decide("edit", { section, place, text: area.value }, save, form);
  });
  let timer;
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const text = area.value;
      const result = await send("check", { section, place, text });
      if (text !== area.value) return;
      const lines = result.error ? [result.error] : result.findings;
      found.replaceChildren(...(lines.length ? lines : ["The checks find nothing here."]).map((line) => element("li", line)));
    }, 300);
  });
  button.after(form);
  passage.hidden = button.hidden = true;
  area.focus();
}
