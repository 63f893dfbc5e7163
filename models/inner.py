"""Words in the context that nobody but our own code can say.

Whoever calls the server chooses his context: any JSON. What one method of ours tells
another by it, such as "leads are being merged, leave the twins alone", is therefore
wrapped in a private class that no JSON becomes; whoever listens takes nothing else.
"""

from dataclasses import dataclass
from typing import Any

_PREFIX = "estate_"


@dataclass(frozen=True, slots=True)
class _Word:
    value: Any


def get_words(**words):
    """Return what to add to a context so that `hear` finds these words.

    :param words: word -> what is said by it; hashable values
    """
    return {f"{_PREFIX}{word}": _Word(value) for word, value in words.items()}


def say(records, **words):
    """Return `records` with these words in their context."""
    return records.with_context(**get_words(**words))


def hear(env, word, default=None):
    """Return what our own code said by a word, `default` when it said nothing.

    :param env: environment of whoever listens
    :param str word: without the prefix that it has in the context
    """
    said = env.context.get(f"{_PREFIX}{word}")
    return said.value if type(said) is _Word else default
