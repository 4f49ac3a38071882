// The cards of citations' numbers (ui/marks.py): by pointer and keyboard the styles show them.

// The same citation may be marked in several places of a page: each card gets an id of its own.
function nameCards(root) {
  for (const [number, cited] of root.querySelectorAll(".cited").entries()) {
    cited.lastElementChild.id = `card-${number}`;
    cited.firstElementChild.setAttribute("aria-describedby", `card-${number}`);
  }
}

// A card goes above its number where there is more room than below.
function placeCard(event) {
  const cited = event.target.closest(".cited");
  if (!cited) return;
  const { top, bottom } = cited.firstElementChild.getBoundingClientRect();
  const below = innerHeight - bottom;
  cited.classList.toggle("above", cited.lastElementChild.offsetHeight > below && top > below);
}

let touched = null; // the number that a finger was put on while its card was out of sight

function touchCard(event) {
  const mark = event.target.closest(".cited > .mark");
  const isOpen = mark && mark.getRootNode().activeElement === mark;
  touched = event.pointerType === "touch" && !isOpen ? mark : null;
}

// Returns whether a click only shows a card: under a finger the first does, the second follows.
function showsCard(link) {
  if (link !== touched) return false;
  touched = null;
  link.focus();
  return true;
}

// Puts away the cards that are in sight, until they are pointed at or reached anew.
function dismissCards(root) {
  for (const cited of root.querySelectorAll(".cited:hover, .cited:focus-within")) {
    cited.classList.add("dismissed");
    for (const leaving of ["mouseleave", "focusout"]) {
      cited.addEventListener(leaving, () => cited.classList.remove("dismissed"), { once: true });
    }
  }
}
