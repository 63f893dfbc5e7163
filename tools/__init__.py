"""Pure functions and values: no database, no clock of its own, no unseeded chance.

Every room may use them; they use no room. The architecture test holds the list of
libraries that may be imported here.
"""
