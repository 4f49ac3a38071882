// The tabs of an answer (ui/tabs.py): links that show their panel at once. Arrow keys move among
// them, Enter follows one.

function showTab(tab) {
  for (const other of tab.parentElement.children) {
    const isShown = other === tab;
    other.setAttribute("aria-selected", isShown);
    other.tabIndex = isShown ? 0 : -1;
    tab.getRootNode().getElementById(other.getAttribute("aria-controls")).hidden = !isShown;
  }
}

function moveTab(event) {
  const tab = event.target.closest("[role=tab]");
  if (!tab) return;
  const tabs = [...tab.parentElement.children];
  const at = tabs.indexOf(tab);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (event.key === " ") tab.click();
  else if (to !== undefined) tabs[(to + tabs.length) % tabs.length].focus();
  else return;
  event.preventDefault();
}
