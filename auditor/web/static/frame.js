// The frame of every page: the menus that fold, and forms that say that work is under way.
const SECOND = 1000;

function folds(button) {
  const open = (yes) => button.setAttribute("aria-expanded", String(yes));
  const isOpen = () => button.getAttribute("aria-expanded") === "true";
  button.addEventListener("click", () => open(!isOpen()));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen()) return;
    open(false);
    button.focus();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".top")) open(false);
  });
}

// <form data-busy="Drawing the sample">: the button rests, and the seconds are counted aloud now and then.
function busy(form) {
  const told = document.createElement("p");
  told.className = "busy";
  told.setAttribute("role", "status");
  form.append(told);
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    const began = Date.now();
    const tell = () => {
      const seconds = Math.round((Date.now() - began) / SECOND);
      told.textContent = `${form.dataset.busy} … ${seconds ? `${seconds} s so far` : ""}`;
    };
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    tell();
    setInterval(tell, SECOND);
  });
}

for (const id of ["menu", "more"]) {
  const button = document.getElementById(id);
  if (button) folds(button);
}
for (const form of document.querySelectorAll("form[data-busy]")) busy(form);
// A page that the browser took out of its memory has sent nothing.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
