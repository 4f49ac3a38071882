// What was asked in this tab: kept by the browser until the tab is closed, shown newest first.

const HISTORY = "suyuan.history";
const LONGEST = 30;

function readHistory() {
  try {
    const entries = JSON.parse(sessionStorage.getItem(HISTORY) ?? "[]");
    return entries.filter(({ words, href }) => typeof words === "string" && isOurs(href));
  } catch {
    return []; // no storage is allowed, or something else wrote it
  }
}

function isOurs(href) {
  return typeof href === "string" && new URL(href, location.href).origin === location.origin;
}

function writeHistory(entries) {
  try {
    sessionStorage.setItem(HISTORY, JSON.stringify(entries.slice(0, LONGEST)));
  } catch {
    // it is shown, and forgotten with the page
  }
}

// Puts what a list says is asked now at its head, and fills the list; an empty one is not shown.
function showHistory(root) {
  for (const list of root.querySelectorAll("[data-history]")) {
    let entries = readHistory();
    if (list.dataset.history.startsWith("{")) {
      const entry = JSON.parse(list.dataset.history);
      entries = [entry, ...entries.filter(({ href }) => href !== entry.href)];
      writeHistory(entries);
    }
    list.replaceChildren(...entries.map(({ words, href }) => build(["li", {}, ["a", { href }, words]])));
    list.parentElement.hidden = !entries.length;
  }
}

function forgetHistory(root) {
  writeHistory([]);
  for (const list of root.querySelectorAll("[data-history]")) {
    list.dataset.history = "none";
    showHistory(root);
  }
}
