"""What the function bears, what limits a deployment and what it costs (`make load`, `make scaling`)."""
