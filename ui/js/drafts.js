// What was typed and not yet sent comes back after a reload of the page, or of another and back; it
// stays in this tab of the browser.

const FIELDS = '[data-testid="stTextInput"] input, [data-testid="stTextArea"] textarea';
const seen = new WeakSet();

function draftOf(field) {
  return `suyuan draft ${location.pathname} ${field.getAttribute("aria-label")}`;
}

function noteDraft({ target }) {
  if (!target.matches?.(FIELDS)) return;
  if (target.value) sessionStorage.setItem(draftOf(target), target.value);
  else sessionStorage.removeItem(draftOf(target));
}

// Sent is what stands in a form whose button is pressed, or a line in which Enter is.
function dropDrafts({ type, key, target, isComposing }) {
  const form = target.closest?.('[data-testid="stForm"]');
  const isSent = type === "click"
    ? target.closest?.('[data-testid="stFormSubmitButton"]')
    : key === "Enter" && !isComposing && target.matches?.("input");
  if (!isSent) return;
  for (const field of form?.querySelectorAll(FIELDS) ?? [target]) {
    sessionStorage.removeItem(draftOf(field));
  }
}

function bringDrafts() {
  for (const field of document.querySelectorAll(FIELDS)) {
    if (seen.has(field)) continue;
    seen.add(field);
    const draft = sessionStorage.getItem(draftOf(field));
    if (!draft || field.value) continue;
    // React looks at what the field's own class has, not at what is assigned.
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, draft);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
