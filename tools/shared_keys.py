"""Things that share a key are one, also by way of a third one."""


def connect(key_sets):
    """Return the groups of things that hang together by their keys.

    A and B share a phone, B and C a mail address: all three are one group. A thing
    without a key is a group of its own.

    :param key_sets: for each thing the set of its keys, hashable
    :return: list of lists of positions; positions ascend, groups by their first one
    """
    parents = list(range(len(key_sets)))

    def find(position):
        while parents[position] != position:
            parents[position] = parents[parents[position]]
            position = parents[position]
        return position

    owners = {}
    for position, keys in enumerate(key_sets):
        for key in keys:
            one, other = find(owners.setdefault(key, position)), find(position)
            # The earliest stands for all, whatever the order of the keys.
            parents[max(one, other)] = min(one, other)
    groups = {}
    for position in range(len(key_sets)):
        groups.setdefault(find(position), []).append(position)
    return list(groups.values())
