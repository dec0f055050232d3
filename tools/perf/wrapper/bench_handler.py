"""Import the real handler, and then enter the control group whose share of the processor is limited."""

import importlib
import os
import time

_module, _, _name = os.environ["BENCH_HANDLER"].rpartition(".")
handler = getattr(importlib.import_module(_module), _name)

_began = time.perf_counter()
if _processes := os.environ.get("BENCH_PROCESSES"):
    with open(_processes, "w") as _file:  # noqa: PTH123 - pathlib may not be imported yet, and its import takes time
        _file.write(str(os.getpid()))
print(f"BENCH_INIT entering_ms={(time.perf_counter() - _began) * 1000:.3f} cpu_ms={time.process_time() * 1000:.3f}")
