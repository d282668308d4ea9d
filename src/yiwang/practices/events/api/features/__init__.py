"""OGC API Features Part 1: cells, places and public cases for any map program."""
