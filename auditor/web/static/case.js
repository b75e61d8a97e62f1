// A case under review: verdicts by key or button, saved one by one as they are made.
import { startAtHand } from "./athand.js";
import { clearNotices, notice, startBench } from "./bench.js";
import * as codes from "./codes.js";
import { Outbox } from "./outbox.js";
import { Panel } from "./panel.js";
import { startViolations } from "./violations.js";
import { WorkTime } from "./worktime.js";

const page = document.getElementById("case").dataset;
const saved = document.getElementById("saved");
const documentation = document.getElementById("documentation");
const deciding = page.deciding === "yes";
const channel = new BroadcastChannel(`auditor-case-${page.address}`);
const undo = [];
const state = { revision: Number(page.revision), leaving: false, documentation: page.documentation,
  codes: codes.list.innerHTML };

const outbox = new Outbox({
  name: `auditor-outbox ${page.user} ${page.address}`,
  address: page.address,
  csrf: page.csrf,
  on: { saved: onSaved, waiting: onWaiting, offline: onOffline, refused: onRefused, invalid: onInvalid },
});
const time = new WorkTime(`auditor-time ${page.user} ${page.address}`, Number(page.seconds));
const broken = startViolations({ verdict, edit,
  nothing: () => notice("undecided", "No violation", "is left to make a finding of.") });
const panel = new Panel({ verdict: (given) => verdict(broken.explained(given)), explain: change, on: page.on, proposal });
const atHand = startAtHand({ on: page.on, follow: (ruling, citation) => panel.follow(ruling, citation) });
const tab = startBench({
  a: () => verdict({ outcome: "agree" }), d: () => verdict({ outcome: "delete" }),
  c: () => edit("change"), n: () => edit("add"), s: () => edit("resequence"), m: () => edit("modifier"),
  u: () => edit("units"), w: () => panel.rationale(), q: request, z: takeBack,
  j: () => codes.move(1), k: () => codes.move(-1), A: deciding ? takeCommon : agreeRest, Enter: finish,
  v: () => broken.take(), e: showEvidence, r: () => atHand.open(), 1: () => take(0), 2: () => take(1),
});

function change(body) {
  clearNotices();
  outbox.add({ ...body, seconds: time.take() }, state.revision);
  codes.foreshow(body);
  panel.show();
}

function remember(lines) {
  const before = lines.map((line) => [line, codes.findingOf(codes.rowOf(line))]);
  undo.push({
    judged: before.filter(([, finding]) => finding).map(([, finding]) => finding),
    cleared: before.filter(([, finding]) => !finding).map(([line]) => line),
  });
}

function verdict(given) {
  const row = codes.current();
  if (given.outcome === "add") {
    undo.push({ cleared: [`+${codes.added() + 1}`] });
    change({ judged: [{ line: null, ...given }] });
    codes.choose(codes.rows().at(-1));
    return;
  }
  if (!row) return;
  const line = row.dataset.line;
  if (row.dataset.missed) {
    remember([line]);
    if (given.outcome === "delete") change({ cleared: [line] });
    else notice("watch", "This code is one that you added.", "Delete it (d), or add another (n).");
    return;
  }
  remember([line]);
  change({ judged: [{ line, code_system: row.dataset.system, ...given }] });
  if (given.outcome === "agree") codes.move(1);
}

// An adjudicator takes what one of both reviews says, with its reasons.
function take(side) {
  const row = codes.current();
  const given = row && [...row.querySelectorAll("[data-take]")].map((each) => JSON.parse(each.dataset.take))[side];
  if (!given) return;
  const { line, ...rest } = given;
  remember([row.dataset.line]);
  change({ judged: [{ ...rest, line: row.dataset.line }] });
  codes.move(1);
}

function proposals() {
  const there = codes.rows().filter((row) => row.dataset.missed).map((row) => row.dataset.code);
  return [...document.querySelectorAll("[data-propose]")]
    .map((each) => ({ both: each.dataset.both === "yes", ...JSON.parse(each.dataset.propose) }))
    .filter((each) => !there.includes(each.correct_code));
}

function proposal() {
  return proposals()[0] ?? null;
}

function propose({ both, line, ...given }) {
  verdict(given);
}

const told = ({ line, root_cause, citation, ruling, rationale, correct_allowed, ...verdictOf }) => JSON.stringify(verdictOf);

function takeCommon() {
  const judged = codes.unjudged().map((row) => {
    const [one, other] = [...row.querySelectorAll("[data-take]")].map((each) => JSON.parse(each.dataset.take));
    return one && other && told(one) === told(other) ? { ...one, line: row.dataset.line } : null;
  }).filter(Boolean);
  if (judged.length) {
    remember(judged.map((each) => each.line));
    change({ judged });
  }
  proposals().filter((each) => each.both).forEach(propose);
  const left = codes.unjudged()[0];
  if (left) codes.choose(left);
}

function showEvidence() {
  const row = codes.current();
  const marks = [...document.querySelectorAll("mark.evidence")].filter((mark) => mark.dataset.line === row?.dataset.line);
  if (!marks.length) return notice("undecided", "No evidence", "is marked in the documentation for this code.");
  tab.documents();
  marks[0].scrollIntoView({ block: "center" });
  return undefined;
}

function edit(mode) {
  tab.codes();
  panel.edit(mode);
}

function agreeRest() {
  const open = codes.unjudged().map((row) => row.dataset.line);
  if (!open.length) return;
  remember(open);
  change({ agree_rest: true });
}

function takeBack() {
  const before = undo.pop();
  if (!before) return notice("undecided", "Nothing to undo.", "Earlier changes are kept as versions of their findings.");
  if (before.documentation) documentation.value = before.documentation;
  change(before);
  return undefined;
}

function request() {
  window.location.assign(`/cases/${page.case}/queries`);
}

function setDocumentation(status) {
  const judged = codes.rows().map(codes.findingOf).filter(Boolean);
  undo.push({ documentation: state.documentation, judged, finished: false });
  documentation.value = status;
  change({ documentation: status });
}

function finish() {
  const open = codes.unjudged();
  if (open.length && documentation.value === "complete") {
    codes.choose(open[0]);
    const which = open.length === 1 ? "1 code has" : `${open.length} codes have`;
    return notice("watch", "Not done yet:", `${which} no verdict. Shift+A ${deciding ? "takes what both say" : "agrees with the rest"}.`);
  }
  if (documentation.value === "requested") return window.location.assign(page.onward);
  state.leaving = true;
  return change({ finished: true });
}

function onSaved(told, rest) {
  state.revision = told.revision;
  state.documentation = documentation.value = told.documentation;
  state.codes = told.codes;
  codes.replace(told.codes);
  rest.forEach((each) => codes.foreshow(each.change));
  panel.show();
  saved.textContent = rest.length ? `saving, ${rest.length} to go` : `saved ${told.saved}`;
  channel.postMessage({ revision: told.revision, codes: told.codes, documentation: told.documentation });
  if (!rest.length && state.leaving && told.done) window.location.assign(told.next);
}

function onWaiting(count) {
  saved.classList.toggle("unsaved", count > 0);
  if (count) saved.textContent = `saving ${count}`;
}

function onOffline(count) {
  state.leaving = false;
  saved.textContent = `not saved: ${count} waiting`;
  notice("watch", "The server does not answer.", "What you do is kept in this browser and sent as soon as it does. You can go on.");
}

function onInvalid(told, rest) {
  state.leaving = false;
  notice("alarm", "Not saved:", `${told.error}.`);
  codes.replace(state.codes);
  rest.forEach((each) => codes.foreshow(each.change));
  panel.show();
  saved.textContent = "last change not saved";
}

function onRefused(status, told, waiting) {
  state.leaving = false;
  saved.textContent = `not saved: ${waiting.length} waiting`;
  if (status === 401) {
    notice("watch", "Your login has ended.", "What you did is kept in this browser and saved once you are back.",
      [["Log in again", () => window.location.assign(`/login?next=${page.back}`)]]);
    return;
  }
  if (status !== 409 || told.codes === undefined) {
    notice("alarm", "Not saved:", `${told.error}.`, [["Drop what is not saved", dropMine]]);
    return;
  }
  state.revision = told.revision;
  state.codes = told.codes;
  codes.replace(told.codes);
  notice("alarm", "This case was changed by someone else meanwhile.",
    `You see it as it is now; ${waiting.length} of your changes ${waiting.length === 1 ? "is" : "are"} not saved.`,
    [["Put mine on top", () => outbox.rebase(state.revision)], ["Drop mine", dropMine]]);
}

function dropMine() {
  outbox.drop();
  window.location.reload();
}

channel.addEventListener("message", ({ data }) => {
  if (data.revision <= state.revision || outbox.kept().length) return;
  state.revision = data.revision;
  state.documentation = documentation.value = data.documentation;
  state.codes = data.codes;
  codes.replace(data.codes);
  panel.show();
  notice("undecided", "Brought up to date:", "this case is open in another tab of yours, and was changed there.");
});

document.querySelectorAll("[data-propose]").forEach((button) => button.addEventListener("click", () => propose(JSON.parse(button.dataset.propose))));
document.querySelectorAll("[data-verdict]").forEach((button) => button.addEventListener("click", () => {
  const outcome = button.dataset.verdict;
  if (outcome === "agree" || outcome === "delete") verdict({ outcome });
  else edit(outcome);
}));
codes.list.addEventListener("click", (event) => {
  codes.choose(event.target.closest(".row"));
  const side = event.target.closest("[data-take]");
  if (side) take([...side.closest(".row").querySelectorAll("[data-take]")].indexOf(side));
});
codes.list.addEventListener("focusin", (event) => {
  const row = event.target.closest(".row");
  if (row && row !== codes.current()) codes.choose(row, { focus: false });
});
codes.list.addEventListener("chosen", () => {
  const row = codes.current();
  panel.show();
  atHand.show(row);
  document.querySelectorAll("mark.evidence").forEach((mark) => mark.classList.toggle("now", mark.dataset.line === row?.dataset.line));
});
documentation.addEventListener("change", () => setDocumentation(documentation.value));
document.getElementById("agree-all").addEventListener("click", deciding ? takeCommon : agreeRest);
document.getElementById("undo").addEventListener("click", takeBack);
document.getElementById("finish").addEventListener("click", finish);

codes.choose(codes.unjudged()[0] ?? codes.rows()[0]);
outbox.kept().forEach((each) => codes.foreshow(each.change));
outbox.send();
