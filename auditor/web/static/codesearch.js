// Code search as one types, in a field that lists what it finds: arrows choose, Enter takes, Escape closes the list.
const PAUSE = 60;
const LEAST = 2;
let lists = 0;

export function searchCodes(input, { list, on, system, pick }) {
  if (!list.id) list.id = `found-codes-${lists += 1}`;
  input.setAttribute("aria-controls", list.id);
  const state = { timer: 0, asked: 0, found: [], at: -1 };

  const close = () => {
    list.hidden = true;
    state.found = [];
    state.at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (at) => {
    state.at = at;
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    const option = list.children[at];
    if (!option) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", option.id);
    return option.scrollIntoView({ block: "nearest" });
  };
  const take = (at) => {
    const found = state.found[at];
    if (!found) return;
    input.value = found.code;
    pick(found);
    close();
    input.focus();
  };
  const show = ({ codes, editions }) => {
    state.found = codes;
    list.replaceChildren(...codes.map((code, at) => optionOf(code, `${list.id}-${at}`)));
    list.hidden = !codes.length && editions.length > 0;
    if (!codes.length && !editions.length) list.replaceChildren(noLists());
    input.setAttribute("aria-expanded", String(codes.length > 0));
    mark(-1);
  };
  const ask = async () => {
    const text = input.value.trim();
    if (text.length < LEAST) return close();
    state.asked += 1;
    const mine = state.asked;
    try {
      const answer = await fetch(`/codes?${new URLSearchParams({ q: text, on, system: system() })}`,
        { headers: { accept: "application/json" } });
      if (answer.ok && mine === state.asked && document.activeElement === input) show(await answer.json());
    } catch {
      close(); // without a network codes are typed in full
    }
    return undefined;
  };

  input.addEventListener("input", () => { clearTimeout(state.timer); state.timer = setTimeout(ask, PAUSE); });
  input.addEventListener("blur", () => { state.asked += 1; close(); });
  input.addEventListener("keydown", (event) => {
    if (list.hidden || !state.found.length) return;
    const last = state.found.length - 1;
    if (event.key === "ArrowDown") { event.preventDefault(); mark(Math.min(state.at + 1, last)); }
    if (event.key === "ArrowUp") { event.preventDefault(); mark(Math.max(state.at - 1, -1)); }
    if (event.key === "Enter" && state.at >= 0) { event.preventDefault(); event.stopImmediatePropagation(); take(state.at); }
    if (event.key === "Escape") { event.preventDefault(); event.stopImmediatePropagation(); close(); }
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    take([...list.children].indexOf(event.target.closest("[role=option]")));
  });
  return { close };
}

function optionOf({ code, title, state, code_system: system }, id) {
  const option = document.createElement("li");
  option.id = id;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  for (const [name, text] of [["code", code], ["title", title ?? ""], ["about", state && state !== "valid" ? `${system} · ${state}` : system]]) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    option.append(part, " ");
  }
  return option;
}

function noLists() {
  const told = document.createElement("li");
  told.setAttribute("role", "option");
  told.setAttribute("aria-disabled", "true");
  told.setAttribute("aria-selected", "false");
  told.textContent = "No code list is imported for this day of service: type the whole code.";
  return told;
}
