"""The local cloud: an AWS emulator and what it lacks. For development only, never deployed."""
