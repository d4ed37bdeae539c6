// Makes our own pages nicer; every one of them works without it.
(() => {
  "use strict";

  // Times in the reader's own clock.
  const tellTimes = () => {
    for (const time of document.querySelectorAll("time[data-short]")) {
      const at = new Date(time.dateTime);
      const isToday = at.toDateString() === new Date().toDateString();
      time.textContent = at.toLocaleString([], isToday ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" });
    }
  };
  tellTimes();

  // New mail appears by itself: a request waits on the server until there is some, briefly, so that a server can stop.
  const list = document.querySelector("[data-newest]");
  const listen = async () => {
    for (;;) {
      try {
        const to = new URLSearchParams(location.search).get("to") ?? "";
        const query = new URLSearchParams({ to, wait: "2", after: list.dataset.newest });
        const answer = await fetch(`/_poolhouse/api/inbox?${query}`);
        if (!answer.ok) throw new Error(answer.status);
        if ((await answer.json()).messages.some((message) => message.id !== list.dataset.newest)) await refresh();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 3000));
      }
    }
  };
  const refresh = async () => {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.querySelector("[data-newest]");
    if (fresh.dataset.newest === list.dataset.newest) return;
    const wasEmpty = !list.dataset.newest;
    list.dataset.newest = fresh.dataset.newest;
    // Only the new rows are put in: whoever has the focus on an old one keeps it.
    const known = new Set([...list.querySelectorAll(".letter")].map((letter) => letter.getAttribute("href")));
    const rows = [...fresh.querySelectorAll(".letter")].filter((letter) => !known.has(letter.getAttribute("href")));
    list.querySelector(".nothing")?.remove();
    list.prepend(...rows);
    tellTimes();
    document.getElementById("said").textContent = rows.length === 1 ? `New message to ${rows[0].querySelector(".to").textContent}` : `${rows.length} new messages`;
    if (wasEmpty && !new URLSearchParams(location.search).has("id")) {
      document.querySelector(".pick")?.replaceChildren(...page.querySelector(".pick").childNodes);
    }
  };
  if (list) listen();
})();
