// Shows of the plan form only what the chosen objective, recurrence and timing ask for. Without it everything is there.
const form = document.getElementById("plan-form");

function chosen(name) {
  return form.elements[name] ? form.elements[name].value : "";
}

function show() {
  const said = [chosen("objective"), chosen("every"), chosen("timing")];
  for (const each of form.querySelectorAll("[data-for]")) {
    const wanted = each.dataset.for.split(" ").some((word) => said.includes(word));
    each.hidden = !wanted;
  }
}

form.addEventListener("change", show);
show();
const refusal = document.getElementById("refusal");
if (refusal) refusal.focus();
