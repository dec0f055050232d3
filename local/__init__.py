"""The local cloud: an AWS emulator, and what it lacks for this project. For development only, never deployed."""
