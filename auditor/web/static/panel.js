// The panel under the codes: the verdict buttons' field to type in, and why.
import * as codes from "./codes.js";
import { searchCodes } from "./codesearch.js";

const head = document.getElementById("panel-head");
const editor = document.getElementById("editor");
const why = document.getElementById("why");
const problem = document.getElementById("problem");
const WHY = ["error_type", "severity", "root_cause", "citation", "correct_allowed", "ruling", "rationale"];
const START = { change: "edit-code", add: "edit-code", modifier: "edit-modifiers", units: "edit-units",
  resequence: "edit-sequence" };
const NEEDS = { change: "correct_code", add: "correct_code", modifier: "correct_modifiers", units: "correct_units",
  resequence: "correct_sequence" };

const text = (form, name) => form.elements.namedItem(name).value.trim();
const number = (value) => (/^[0-9]+$/.test(value) ? Number(value) : null);

// The system that a code can only be of, or null where the eye cannot tell (E1165 is one of each).
function systemOf(code) {
  if (/^[0-9]{4}[0-9a-z]$/i.test(code)) return "CPT";
  return /^[a-z][0-9][0-9a-z](\.[0-9a-z]*)?$/i.test(code) ? "ICD-10-CM" : null;
}

export class Panel {
  constructor({ verdict, explain, on, proposal }) {
    Object.assign(this, { verdict, explain, proposal, mode: null });
    searchCodes(editor.elements.namedItem("correct_code"), {
      list: document.getElementById("edit-found"),
      on,
      system: () => (this.mode === "add" ? "" : codes.current()?.dataset.system ?? ""),
      pick: (found) => { editor.elements.namedItem("code_system").value = found.code_system; },
    });
    editor.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    document.getElementById("cancel").addEventListener("click", () => this.close());
    editor.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    editor.elements.namedItem("correct_code").addEventListener("input", (event) => {
      editor.elements.namedItem("code_system").value = systemOf(event.target.value.trim()) ?? text(editor, "code_system");
    });
    why.addEventListener("submit", (event) => event.preventDefault());
    why.addEventListener("change", () => this.send());
    why.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.target.blur(); codes.choose(codes.current()); } });
  }

  show() {
    const row = codes.current();
    head.textContent = row ? `Code ${row.dataset.line} · ${row.dataset.code}` : "No code";
    const finding = codes.findingOf(row);
    why.hidden = !finding || finding.outcome === "agree";
    if (why.hidden || why.contains(document.activeElement)) return;
    for (const name of WHY) why.elements.namedItem(name).value = finding[name] ?? "";
  }

  // A ruling that is followed stands on the finding, and its guideline with it.
  follow(ruling, citation) {
    if (why.hidden) return;
    why.elements.namedItem("ruling").value = ruling;
    if (citation) why.elements.namedItem("citation").value = citation;
    this.send();
  }

  rationale() {
    if (!why.hidden) document.getElementById("why-rationale").focus();
  }

  edit(mode) {
    const row = codes.current();
    if (mode !== "add" && (!row || row.dataset.missed)) return;
    this.mode = mode;
    editor.hidden = false;
    problem.textContent = "";
    for (const field of editor.querySelectorAll(".field")) field.hidden = !field.dataset.for.split(" ").includes(mode);
    for (const name of ["correct_code", "correct_modifiers", "correct_units", "correct_sequence"]) {
      editor.elements.namedItem(name).value = "";
    }
    const finding = codes.findingOf(row);
    if (mode !== "add" && finding?.outcome === mode) editor.elements.namedItem(NEEDS[mode]).value = finding[NEEDS[mode]] ?? "";
    head.textContent = mode === "add" ? "A missed code" : `Code ${row.dataset.line} · ${row.dataset.code}`;
    const proposed = mode === "add" ? this.proposal() : null;
    if (proposed) {
      editor.elements.namedItem("correct_code").value = proposed.correct_code;
      editor.elements.namedItem("code_system").value = proposed.code_system;
    }
    document.getElementById(START[mode]).focus();
  }

  close() {
    editor.hidden = true;
    this.show();
    codes.choose(codes.current());
  }

  submit() {
    const units = text(editor, "correct_units");
    const place = text(editor, "correct_sequence");
    const given = { outcome: this.mode, correct_code: text(editor, "correct_code") || null,
      correct_modifiers: text(editor, "correct_modifiers") || null, correct_units: number(units),
      correct_sequence: number(place) };
    if ((units && !given.correct_units) || (place && !given.correct_sequence)) {
      problem.textContent = "Write a whole number of 1 or more.";
      return;
    }
    if (!given[NEEDS[this.mode]]) {
      problem.textContent = "Write what is correct, or cancel.";
      return;
    }
    if (this.mode === "add") given.code_system = text(editor, "code_system");
    editor.hidden = true;
    this.verdict(given);
    codes.choose(codes.current());
  }

  send() {
    const finding = codes.findingOf(codes.current());
    if (!finding) return;
    const given = Object.fromEntries(WHY.map((name) => [name, text(why, name) || null]));
    given.ruling = number(given.ruling ?? "");
    this.explain({ judged: [{ ...finding, ...given }] });
  }
}
