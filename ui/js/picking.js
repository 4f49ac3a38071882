// Forms of ui/picking.py: what is ticked goes into the address, so that it is confirmed there.

function sendTicks(event) {
  event.preventDefault();
  const asked = new URLSearchParams(new FormData(event.target, event.submitter));
  visit(`${location.pathname}?${asked}`);
}

function tick(event) {
  const form = event.target.closest("form");
  const boxes = form.querySelectorAll("[name=pick]");
  if (event.target.matches("[data-every]")) for (const box of boxes) box.checked = event.target.checked;
  showTicks(form);
}

// How many are ticked stands on the buttons, which do nothing while none is.
function showTicks(form) {
  const boxes = [...form.querySelectorAll("[name=pick]")];
  const ticked = boxes.filter((box) => box.checked).length;
  const every = form.querySelector("[data-every]");
  every.checked = ticked > 0 && ticked === boxes.length;
  every.indeterminate = ticked > 0 && ticked < boxes.length;
  for (const button of form.querySelectorAll("button[name=do]")) {
    button.disabled = !ticked;
    button.textContent = button.dataset.words + (ticked ? `（${ticked}）` : "");
  }
}
