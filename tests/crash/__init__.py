"""Tests that kill the server and look for what was lost."""
