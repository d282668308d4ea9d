"""Where the journeys' cases lie; apart, so that tests read it without Django."""

CELL = "330206005221001001"  # in 霞南村, where the demo's grid worker goes
