// The list of codes on a case page: which one is current, what stands on each, what is not saved yet.
const WORDS = { agree: "agree", change: "change", add: "missed", delete: "delete", resequence: "resequence",
  modifier: "modifier", units: "units" };

export const list = document.getElementById("codes");
let currentLine = null;

export const rows = () => [...list.querySelectorAll(".row")];
export const rowOf = (line) => rows().find((row) => row.dataset.line === line) ?? null;
export const current = () => rowOf(currentLine) ?? rows()[0] ?? null;
export const findingOf = (row) => (row ? JSON.parse(row.dataset.finding) : null);
export const unjudged = () => rows().filter((row) => findingOf(row) === null);
export const added = () => rows().filter((row) => row.dataset.missed).length;

export function choose(row, { focus = true } = {}) {
  if (!row) return;
  currentLine = row.dataset.line;
  for (const each of rows()) {
    const here = each === row;
    each.classList.toggle("current", here);
    const pick = each.querySelector(".pick");
    if (here) pick.setAttribute("aria-current", "true");
    else pick.removeAttribute("aria-current");
  }
  if (focus) row.querySelector(".pick").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  list.dispatchEvent(new CustomEvent("chosen"));
}

export function move(step) {
  const all = rows();
  choose(all[Math.min(Math.max(all.indexOf(current()) + step, 0), all.length - 1)]);
}

export function replace(html) {
  const held = document.activeElement?.closest?.(".row") !== null && list.contains(document.activeElement);
  list.innerHTML = html;
  choose(current(), { focus: held });
}

// What was asked for, shown before the server has it: words only, and said to be unsaved.
export function foreshow(change) {
  for (const each of change.judged ?? []) {
    const row = each.line === null ? addedRow(each) : rowOf(each.line);
    if (row) mark(row, { ...each, line: row.dataset.line });
  }
  for (const line of change.cleared ?? []) mark(rowOf(line), null);
  if (change.agree_rest) for (const row of unjudged()) mark(row, { line: row.dataset.line, outcome: "agree" });
}

function addedRow(verdict) {
  const row = document.createElement("li");
  row.className = "row";
  Object.assign(row.dataset, { line: `+${added() + 1}`, system: verdict.code_system, missed: "yes", finding: "null",
    code: verdict.correct_code, modifiers: "", units: "" });
  row.innerHTML = '<button type="button" class="pick"><span class="line"></span><span class="what"><span class="code"></span></span></button><div class="verdict"></div>';
  row.querySelector(".line").textContent = row.dataset.line;
  row.querySelector(".code").textContent = verdict.correct_code.toUpperCase();
  list.append(row);
  return row;
}

function mark(row, finding) {
  if (!row) return;
  row.dataset.finding = JSON.stringify(finding);
  row.classList.add("unsaved");
  const said = document.createElement("span");
  said.className = "said undecided";
  said.textContent = finding ? WORDS[finding.outcome] : "no verdict";
  const right = document.createElement("span");
  right.className = "code right";
  right.textContent = finding && finding.outcome === "change" ? (finding.correct_code ?? "").toUpperCase() : "";
  const about = document.createElement("span");
  about.className = "about";
  about.textContent = "not saved yet";
  row.querySelector(".verdict").replaceChildren(said, " ", right, about);
}
