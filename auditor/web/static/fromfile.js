// <input type="file" data-into="ID" data-most="LETTERS">: the text of a chosen file goes into a field of the form.
// The file itself is not sent.
const said = document.getElementById("file-said");

async function take(input) {
  const [file] = input.files;
  if (!file) return;
  const most = Number(input.dataset.most);
  if (file.size > most) {
    said.textContent = `${file.name} is larger than a page takes (${most.toLocaleString("en")} letters): calculate it in the terminal.`;
    return;
  }
  const text = await file.text();
  if (text.includes("\u0000") || text.includes("\uFFFD")) {
    said.textContent = `${file.name} is no CSV file in UTF-8: save it as “CSV UTF-8”.`;
    return;
  }
  document.getElementById(input.dataset.into).value = text.replace(/^\uFEFF/, "");
  said.textContent = `${file.name} is in the field above.`;
}

for (const input of document.querySelectorAll("input[type=file][data-into]")) {
  input.closest(".from-file").hidden = false;
  input.addEventListener("change", () => take(input));
}
