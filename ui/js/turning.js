// The field for the number of a page of results (ui/turning.py).

function turnTo(field) {
  const page = Math.min(Math.max(1, Math.round(Number(field.value))), Number(field.max));
  if (page) visit(field.dataset.turn.replace("page=PAGE", `page=${page}`));
}
