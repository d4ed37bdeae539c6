// Makes the pages of a pool domain nicer; every one of them works without it.
(() => {
  "use strict";

  // Show and hide a password.
  const template = document.getElementById("reveal");
  for (const input of template ? document.querySelectorAll("input[type=password]") : []) {
    const button = template.content.firstElementChild.cloneNode(true);
    button.setAttribute("aria-controls", input.id);
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      input.focus();
    });
    input.classList.add("has-reveal");
    input.after(button);
    // A shown password is submitted as a password, so that no browser offers to remember it as text.
    input.form.addEventListener("submit", () => { input.type = "password"; });
  }

  // What the server said about a field goes once it is mended; the note above counts those that are left, and goes with the last.
  const forgive = (input) => {
    if (!input.hasAttribute("aria-invalid")) return;
    document.getElementById(`${input.id}-error`)?.remove();
    input.removeAttribute("aria-invalid");
    const described = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => document.getElementById(id));
    if (described.length) input.setAttribute("aria-describedby", described.join(" "));
    else input.removeAttribute("aria-describedby");
    const left = input.form.querySelectorAll("[aria-invalid]").length;
    const note = document.querySelector(".note.bad > span");
    if (left === 0) note?.parentElement.remove();
    else if (note) note.textContent = note.textContent.replace(/\d+ marked fields/, left === 1 ? "marked field" : `${left} marked fields`);
  };

  // Tick off the rules of the pool while a new password is typed.
  const tests = {
    upper: (text) => /[A-Z]/.test(text),
    lower: (text) => /[a-z]/.test(text),
    number: (text) => /[0-9]/.test(text),
    symbol: (text) => /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/.test(text.trim()),
  };
  for (const list of document.querySelectorAll("[data-rules-for]")) {
    const input = document.getElementById(list.dataset.rulesFor);
    const check = () => {
      for (const item of list.children) {
        const isKept = "kept" in input.dataset && input.value === "";
        const met = isKept || (item.dataset.length ? [...input.value].length >= Number(item.dataset.length) : tests[item.dataset.rule](input.value));
        item.classList.toggle("met", met);
        item.querySelector(".unseen").textContent = met ? " ✓" : "";
      }
    };
    input.addEventListener("input", () => {
      check();
      if (input.value && list.querySelectorAll(".met").length === list.children.length) forgive(input);
    });
    check();
  }

  // Two equal passwords, told before the form is sent.
  for (const second of document.querySelectorAll("[data-same-as]")) {
    const first = document.getElementById(second.dataset.sameAs);
    const check = () => {
      second.setCustomValidity(second.value && second.value !== first.value ? second.dataset.differs : "");
      if (second.value && second.value === first.value) forgive(second);
    };
    first.addEventListener("input", check);
    second.addEventListener("input", check);
  }

  // Another code may be asked for after a while; until then the button says how long.
  for (const button of document.querySelectorAll("[data-wait]")) {
    const end = Date.now() + 1000 * button.dataset.wait;
    const left = document.createElement("span");
    button.append(left);
    const tell = () => {
      const seconds = Math.ceil((end - Date.now()) / 1000);
      button.disabled = seconds > 0;
      left.textContent = seconds > 0 ? ` (in ${seconds} s)` : "";
      if (seconds > 0) setTimeout(tell, 500);
    };
    tell();
  }

  // One press is one request; the Back button brings the form back to life.
  for (const form of document.forms) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
      form.setAttribute("aria-busy", "true");
      form.querySelector("[type=submit]")?.setAttribute("aria-disabled", "true");
    });
  }
  addEventListener("pageshow", () => {
    for (const form of document.forms) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
      form.querySelector("[type=submit]")?.removeAttribute("aria-disabled");
    }
  });
})();
