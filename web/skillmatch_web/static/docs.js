// Opens what a link leads to, for browsers that do not open a fold themselves, and offers to copy a command.
function open() {
  const found = document.getElementById(location.hash.slice(1));
  for (let fold = found?.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    if (!fold.open) {
      fold.open = true;
      found.scrollIntoView();
    }
  }
}

function offer(command) {
  const row = document.createElement("p");
  const button = document.createElement("button");
  const said = document.createElement("span");
  row.className = "copying";
  button.textContent = command.dataset.copy;
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(command.textContent);
      said.textContent = command.dataset.copied;
    } catch {
      getSelection().selectAllChildren(command); // she may still copy it by hand
    }
  });
  row.append(button, said);
  command.after(row);
}

addEventListener("hashchange", open);
open();
// Browsers give the clipboard to pages by https and of this machine alone.
if (navigator.clipboard) {
  document.querySelectorAll(".command").forEach(offer);
}
