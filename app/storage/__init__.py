"""Files: the only room that writes to disk, always whole or not at all."""
