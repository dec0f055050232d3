"""The folder of the handler's wrapper. tools/perf/end_of_init.py adds it to the path of the measured function."""
