"""How the same work is done without this program: the usual libraries, used as their guides say."""
