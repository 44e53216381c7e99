"""Whether all is well, for pages, commands and machines that watch."""
