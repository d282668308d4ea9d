"""Foreign events come in: read a table, map its columns, name every bad row, add the rest.

``reading`` opens CSV, workbooks and JSON lines; ``fields`` guesses columns; ``values`` and
``foreign`` turn a row into an event or into problems; ``names`` finds the unit, team and class;
``running`` commits chunk by chunk and can be killed at any instruction.
"""
