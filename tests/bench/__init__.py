"""How fast the press is, beside its peers: `make bench BOOK=folder`.

`books` makes the books that are pressed, `prepare` what the peers need of them, `peers` knows how the peers are called,
`measuring` runs one command, `rounds` all of them in turn; `results`, `bars`, `table`, `plot` and `report` say what
came out. Linux only: processes are watched through /proc.
"""
