// What is at hand on the current code: title, rulings, earlier findings. Asked for when one rests on a code.
const PAUSE = 200;
const place = document.getElementById("at-hand");
const seen = new Map();
let timer = 0;
let wanted = "";

export function startAtHand({ on, follow }) {
  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-follow]");
    if (button) follow(Number(button.dataset.follow), button.dataset.citation);
  });
  return {
    show(row) {
      if (!row || !row.dataset.code) return place.replaceChildren();
      const address = `/codes/notes?${new URLSearchParams({ system: row.dataset.system, code: row.dataset.code, on })}`;
      if (address === wanted) return undefined;
      wanted = address;
      clearTimeout(timer);
      if (seen.has(address)) { place.innerHTML = seen.get(address); return undefined; }
      timer = setTimeout(() => ask(address), PAUSE);
      return undefined;
    },
    open() {
      const summary = place.querySelector("summary");
      if (!summary) return place.closest("aside").scrollIntoView({ block: "nearest" });
      summary.closest("details").open = true;
      return summary.focus();
    },
  };
}

async function ask(address) {
  try {
    const answer = await fetch(address, { headers: { "hx-request": "true" } });
    if (!answer.ok) return;
    seen.set(address, await answer.text());
    if (address === wanted) place.innerHTML = seen.get(address);
  } catch {
    wanted = ""; // asked again when one comes back to the code
  }
}
