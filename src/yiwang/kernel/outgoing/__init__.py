"""Calls of this instance to other systems: where they may go, how long they may take, again when.

Nothing here follows a redirect, reads a proxy from the environment, or keeps a cookie.
"""
