"""What was embedded for each passage of an index, in the order of their positions."""

from indexer.drafting import embedded_form
from indexer.store import Generation


def embedded_texts(generation: Generation) -> list[str]:
    """Return the text that the model saw of each passage."""
    texts = []
    for known in generation.headers():
        positions = generation.positions_of([generation.position(known.document)])
        for passage in generation.passages(positions.tolist()):
            given = embedded_form(known.title, passage)
            texts.append(f"{given.context}\n{given.text}")
    return texts
