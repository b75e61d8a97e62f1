// Guideline violations beside the codes: marked on their rows, shown for the current code; one key makes a finding.
import * as codes from "./codes.js";

const box = document.getElementById("violations");
const items = box ? [...box.querySelectorAll("[data-violation]")] : [];
const taken = new Set();
let begun = null;

const of = (row) => items.filter((item) => item.dataset.line === row?.dataset.line);

function show() {
  const row = codes.current();
  const own = of(row);
  for (const item of items) item.hidden = !own.includes(item);
  for (const each of codes.rows()) {
    const count = of(each).length;
    if (!count || each.querySelector(".broken")) continue;
    const mark = document.createElement("span");
    mark.className = "broken";
    mark.textContent = count === 1 ? "! 1 violation" : `! ${count} violations`;
    each.querySelector(".what").append(mark);
  }
  if (begun && begun.line !== row?.dataset.line) begun = null;
}

export function startViolations({ verdict, edit, nothing }) {
  function make(item) {
    codes.choose(codes.rowOf(item.dataset.line));
    taken.add(item);
    const given = JSON.parse(item.dataset.violation);
    const whole = given.outcome === "delete" || (given.outcome === "units" && given.correct_units);
    if (whole) return verdict(given);
    begun = { line: item.dataset.line, given };
    return edit(given.outcome);
  }

  codes.list.addEventListener("chosen", show);
  for (const item of items) item.querySelector("button").addEventListener("click", () => make(item));
  show();
  return {
    take() {
      const left = items.filter((item) => !taken.has(item));
      const item = left.find((each) => of(codes.current()).includes(each)) ?? left[0];
      return item ? make(item) : nothing();
    },
    // A verdict that was begun from a violation, with its reasons.
    explained(given) {
      if (!begun || begun.given.outcome !== given.outcome) return given;
      const { error_type, citation, rationale } = begun.given;
      begun = null;
      return { ...given, error_type, citation, rationale };
    },
  };
}
