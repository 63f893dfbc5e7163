"""What the files of one message tell, and what a later message has told since.

A message may hold several files of one sender, such as a ZIP with his sales and his
lets. Only all of them together say what is gone.
"""

from dataclasses import dataclass, field

# Beside a number: the file does not say which deal, so it may be any.
ANY_DEAL = ""


@dataclass(slots=True)
class Roll:
    """The objects that the files of a message name, gathered batch by batch.

    :param deals: number of an object -> its deals; `ANY_DEAL` among them when the file
        does not say.
    :param providers: senders whose complete list was among the files.
    """

    deals: dict = field(default_factory=dict)
    providers: set = field(default_factory=set)

    def add(self, key, deal=ANY_DEAL):
        """Note that an object is named; nothing without a number."""
        if key:
            self.deals.setdefault(key, set()).add(deal or ANY_DEAL)

    def has_lost_deal(self, key, deal):
        """Tell whether an object is named, but not for this deal any more.

        :param deal: the deal that the source told before; an unknown one is not lost.
        """
        named = self.deals.get(key, {ANY_DEAL})
        return bool(deal) and deal not in named and ANY_DEAL not in named

    def to_json(self):
        """Return what a message keeps of it for `Word.of`."""
        return {"keys": sorted(self.deals), "providers": sorted(self.providers)}


@dataclass(frozen=True, slots=True)
class Word:
    """What later messages of a source have told, whatever an older one says.

    :param keys: numbers of the objects they named.
    :param providers: senders who sent a complete list: of theirs all is told, also
        what is not in it.
    """

    keys: frozenset = frozenset()
    providers: frozenset = frozenset()

    @classmethod
    def of(cls, kept):
        """Return the word of several messages.

        :param kept: results of `Roll.to_json`
        """
        kept = list(kept)
        return cls(
            frozenset(key for roll in kept for key in roll["keys"]),
            frozenset(name for roll in kept for name in roll["providers"]),
        )

    def covers(self, key, provider):
        """Tell whether an object of a sender was told about later."""
        return key in self.keys or provider in self.providers
