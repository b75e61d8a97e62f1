// A blind coding: kept here and on the server while it is written, locked once.
import { notice, startBench } from "./bench.js";
import { searchCodes } from "./codesearch.js";
import { WorkTime } from "./worktime.js";

const form = document.getElementById("blind");
const entries = document.getElementById("entries");
const saved = document.getElementById("saved");
const problem = document.getElementById("problem");
const KEPT = `auditor-blind ${form.dataset.user} ${form.dataset.case}`;
const PAUSE = 600;
let timer = 0;
let running = Promise.resolve();

startBench({});
const time = new WorkTime(`auditor-time ${form.dataset.user} /cases/${form.dataset.case}/changes`, Number(form.dataset.seconds));

const fields = (entry) => Object.fromEntries(
  ["code_system", "code", "modifiers", "units"].map((name) => [name, entry.querySelector(`[name=${name}]`)]));

function written() {
  return [...entries.children].map(fields).filter((entry) => entry.code.value.trim()).map((entry) => ({
    code_system: entry.code_system.value,
    code: entry.code.value.trim(),
    modifiers: entry.modifiers.value.trim(),
    units: /^[1-9][0-9]*$/.test(entry.units.value.trim()) ? Number(entry.units.value) : null,
  }));
}

// Each line finds codes for itself, in a list below it.
function search(line) {
  const entry = fields(line);
  const list = document.createElement("ul");
  list.className = "found-codes";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Codes found");
  line.append(list);
  searchCodes(entry.code, { list, on: form.dataset.on, system: () => "", pick: (found) => {
    entry.code_system.value = found.code_system;
    form.dispatchEvent(new Event("input"));
  } });
  return entry;
}

function newLine(code = null) {
  entries.append(document.getElementById("entry").content.cloneNode(true));
  const entry = search(entries.lastElementChild);
  if (code) for (const name of Object.keys(entry)) entry[name].value = code[name] ?? "";
  return entry;
}

async function post(lock) {
  const headers = { "content-type": "application/json", accept: "application/json", "x-csrf-token": form.dataset.csrf };
  const body = JSON.stringify({ codes: written(), lock, seconds: time.take() });
  const answer = await fetch(`/cases/${form.dataset.case}/blind`, { method: "POST", headers, body });
  return { status: answer.status, told: await answer.json() };
}

async function save(lock = false) {
  try {
    const { status, told } = await post(lock);
    if (status === 200) {
      localStorage.removeItem(KEPT);
      problem.textContent = "";
      saved.textContent = `saved ${told.saved}`;
      if (told.locked) window.location.reload();
    } else if (status === 401) {
      notice("watch", "Your login has ended.", "What you wrote is kept in this browser.",
        [["Log in again", () => window.location.assign(`/login?next=/cases/${form.dataset.case}`)]]);
    } else {
      problem.textContent = `Not saved: ${told.error}.`;
    }
  } catch {
    saved.textContent = "not saved yet";
    notice("watch", "The server does not answer.", "What you write is kept in this browser and sent as soon as it does.");
    timer = setTimeout(later, 5000);
  }
}

function later() {
  clearTimeout(timer);
  running = running.then(() => save());
}

form.addEventListener("input", () => {
  localStorage.setItem(KEPT, JSON.stringify(written()));
  saved.textContent = "saving";
  if (fields(entries.lastElementChild).code.value.trim()) newLine();
  clearTimeout(timer);
  timer = setTimeout(later, PAUSE);
});
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.closest(".entry")) return;
  event.preventDefault();
  const below = event.target.closest(".entry").nextElementSibling ?? entries.lastElementChild;
  fields(below).code.focus();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  running = running.then(() => save(true));
});
window.addEventListener("online", later);

[...entries.children].forEach(search);
const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
if (kept) {
  entries.replaceChildren();
  for (const code of kept) newLine(code);
  newLine();
  later();
}
