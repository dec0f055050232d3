"""A module that runs inside of the measured function; tools/perf/end_of_init.py puts it on the path."""
