"""The monthly report of the command room: counted, written once, shown, printed and issued."""
