// Says that a file is too large before it is sent: on a bad line that saves minutes.
for (const input of document.querySelectorAll("input[type=file][data-most]")) {
  const form = input.form, said = document.getElementById("file-too-big"), most = Number(input.dataset.most);
  const tooBig = () => {
    const file = input.files[0], big = Boolean(file) && file.size > most;
    said.hidden = !big;
    said.textContent = big
      ? input.dataset.tooBig.replace("{size}", (file.size / 1e6).toFixed(1)).replace("{most}", String(most / 1e6))
      : "";
    if (big) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    return big;
  };
  input.addEventListener("change", tooBig);
  form.addEventListener("submit", (event) => {
    if (tooBig()) {
      event.preventDefault();
      input.focus();
    }
  });
}
