// Copy buttons, on our own pages and in the box for the developer; without them the text can be selected.
(() => {
  "use strict";

  const template = document.getElementById("copy");
  for (const holder of document.querySelectorAll("[data-copy]")) {
    const value = holder.querySelector("[data-value]");
    const button = template.content.firstElementChild.cloneNode(true);
    button.setAttribute("aria-label", `Copy ${holder.dataset.copy}`);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(value.textContent);
        button.classList.add("done");
        document.getElementById("said").textContent = "Copied";
        setTimeout(() => button.classList.remove("done"), 1600);
      } catch {
        getSelection().selectAllChildren(value);
      }
    });
    holder.append(button);
  }
})();
