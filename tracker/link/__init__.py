"""Which reported transfer a claim belongs to: ranked suggestions, each with its reasons."""
