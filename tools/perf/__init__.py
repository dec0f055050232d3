"""What a cold start and a warm call cost, here and in other ways to build the same (`make bench`)."""
