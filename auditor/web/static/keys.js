// Shortcuts: a key does something only where nobody is typing, and never together with Ctrl, Alt or Meta.
const TYPING = "input, textarea, select, [contenteditable]";
const PRESSING = "button:not(.pick), a, summary, [role=tab]";

export function isTyping(target) {
  return target instanceof Element && target.closest(TYPING) !== null;
}

export function onKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const presses = event.key === "Enter" && event.target instanceof Element && event.target.closest(PRESSING);
    const action = actions[event.key];
    if (!action || presses || (event.repeat && !["j", "k"].includes(event.key))) return;
    event.preventDefault();
    action();
  });
}
