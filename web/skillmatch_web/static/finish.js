// The buttons beside the minutes, without asking the server. It does the same where scripts are off.
const field = document.getElementById("minutes");

for (const button of document.querySelectorAll("button[name=step]")) {
  button.addEventListener("click", (event) => {
    const now = field.value.trim() === "" ? 0 : Number(field.value.replace(",", "."));
    if (Number.isNaN(now)) return;
    event.preventDefault();
    const by = Number(button.value);
    field.value = String(Math.min(Math.max(now + by, Math.abs(by)), 100000));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
