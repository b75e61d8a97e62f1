// What every case page has: tabs on a phone, the list of keys, searching the documents.
import { onKeys } from "./keys.js";

const MOST_MARKS = 500;

function tabs() {
  const all = [...document.querySelectorAll("[role=tab]")];
  const choose = (tab) => {
    for (const each of all) {
      each.setAttribute("aria-selected", String(each === tab));
      each.tabIndex = each === tab ? 0 : -1;
    }
    document.body.classList.toggle("show-documents", tab.id === "tab-documents");
  };
  for (const tab of all) {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = all[(all.indexOf(tab) + 1) % all.length];
      choose(other);
      other.focus();
    });
  }
  choose(all[0]);
  return { codes: () => choose(all[1]), documents: () => choose(all[0]) };
}

function unmark() {
  for (const mark of document.querySelectorAll(".document mark.hit")) {
    const parent = mark.parentNode;
    mark.replaceWith(mark.textContent);
    parent.normalize();
  }
}

function markAll(word) {
  const wanted = word.toLowerCase();
  const texts = document.createTreeWalker(document.querySelector(".documents .scroll"), NodeFilter.SHOW_TEXT);
  const hits = [];
  while (texts.nextNode() && hits.length < MOST_MARKS) {
    const lower = texts.currentNode.data.toLowerCase();
    if (lower.length !== texts.currentNode.data.length) continue;
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length)) {
      hits.push([texts.currentNode, at]);
    }
  }
  for (const [node, at] of hits.reverse()) {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + wanted.length);
    const mark = document.createElement("mark");
    mark.className = "hit";
    range.surroundContents(mark);
  }
  return hits.length;
}

function search() {
  const field = document.getElementById("find");
  const told = document.getElementById("found");
  let current = -1;
  const show = (step) => {
    const marks = [...document.querySelectorAll(".document mark.hit")];
    if (!marks.length) return;
    current = (current + step + marks.length) % marks.length;
    marks.forEach((mark, place) => mark.classList.toggle("here", place === current));
    marks[current].scrollIntoView({ block: "center" });
    told.textContent = `${current + 1} of ${marks.length}`;
  };
  field.addEventListener("input", () => {
    unmark();
    current = -1;
    const word = field.value.trim();
    const count = word.length > 1 ? markAll(word) : 0;
    told.textContent = word.length > 1 && !count ? "not found" : "";
    show(1);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); show(event.shiftKey ? -1 : 1); }
    if (event.key === "Escape") field.blur();
  });
  return field;
}

export function startBench(actions) {
  const tab = tabs();
  const field = search();
  const keys = document.getElementById("keys");
  const ask = () => keys.showModal();
  document.getElementById("ask-keys").addEventListener("click", ask);
  onKeys({ "?": ask, "/": () => { tab.documents(); field.focus(); }, ...actions });
  return tab;
}

export function notice(tone, title, text, buttons = []) {
  const place = document.getElementById("notices");
  const box = document.createElement("div");
  box.className = `notice ${tone}`;
  box.setAttribute("role", "alert");
  const words = document.createElement("p");
  const strong = document.createElement("strong");
  strong.textContent = title;
  words.append(strong, ` ${text} `);
  for (const [label, action] of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => { place.replaceChildren(); action(); });
    words.append(button, " ");
  }
  box.append(words);
  place.replaceChildren(box);
}

export function clearNotices() {
  document.getElementById("notices").replaceChildren();
}
