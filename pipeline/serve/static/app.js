// The pages work without this. It adds keys, marks without a reload, local times and a switch between light and dark.
"use strict";

const root = document.documentElement;
const form = (story, name) => story.querySelector(`[data-mark="${name}"]`);
const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };

// --- light and dark ---
const theme = document.getElementById("theme");
const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
const label = () => { theme.textContent = dark() ? "Light" : "Dark"; };
if (["light", "dark"].includes(stored("theme"))) root.dataset.theme = stored("theme");
if (theme) {
  theme.hidden = false;
  label();
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* not kept, then */ }
    label();
  });
}

// --- local times ---
const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
for (const time of document.querySelectorAll("time[datetime], svg [data-at]")) {
  const at = new Date(time.dateTime || time.dataset.at);
  if (!Number.isNaN(at.getTime())) {
    time.title = time.textContent;
    time.textContent = format.format(at);
  }
}

// --- marks ---
const said = {
  read: (on) => (on ? "Mark unread" : "Mark read"),
  starred: (on) => (on ? "★ Starred" : "☆ Star"),
};

async function mark(story, name, value) {
  const body = new URLSearchParams({ [name]: String(value) });
  const answer = await fetch(`/stories/${story.dataset.story}/marks`, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const button = form(story, name);
  if (button) {
    button.value = String(!value);
    button.textContent = said[name](value);
    if (name === "starred") button.setAttribute("aria-pressed", String(value));
  }
  if (name === "read") story.classList.toggle("read", value);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-mark]");
  if (!button) return;
  event.preventDefault();
  mark(button.closest("[data-story]"), button.dataset.mark, button.value === "true");
});
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});
const opened = document.querySelector("[data-opened]");
if (opened) mark(opened, "read", true);

// --- keys ---
const cards = [...document.querySelectorAll(".card")];
let at = -1;
function go(step) {
  if (!cards.length) return;
  at = Math.max(0, Math.min(cards.length - 1, at + step));
  cards.forEach((card, i) => card.classList.toggle("here", i === at));
  cards[at].focus({ preventScroll: true });
  cards[at].scrollIntoView({ block: "nearest" });
}
const here = () => cards[at] || document.querySelector(".story");
const press = (name) => { const one = here(); const button = one && form(one, name); if (button) mark(one, name, button.value === "true"); };
const keys = {
  j: () => go(1),
  k: () => go(-1),
  o: () => here()?.querySelector("h2 a")?.click(),
  v: () => { const out = here()?.querySelector("a.out"); if (out) window.open(out.href, "_blank", "noopener"); },
  m: () => press("read"),
  s: () => press("starred"),
  u: () => { location.href = "/"; },
  "/": () => document.getElementById("q")?.focus(),
  "?": () => document.getElementById("keys").showModal(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) return;
  if (event.key === "Enter" && event.target.classList.contains("card")) keys.o();
  else if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
});
