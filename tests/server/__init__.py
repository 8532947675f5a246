"""Tests against the server as it is deployed: real processes, real sockets."""
