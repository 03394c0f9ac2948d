"""Rules of notify: who is told what, in which words, by which means, and what becomes of each message.

`told` has a function for each event, which names everyone told of it; `templates` the words; `recipients` who there is
to tell; `means` the ways there are, and the fate of a message on them.
"""
