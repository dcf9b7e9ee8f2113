"""The program's side of driven_program.ts, and the reference trainer's library
with a compiled protobuf where its environment has one in `overlay` (its own
pin is pure Python on newer Pythons, and slower). Import this before that."""
import os
import sys
import time

overlay = os.path.join(sys.prefix, "overlay")
if os.path.isdir(overlay):
    sys.path.insert(0, overlay)
    import mlagents_envs.communicator_objects as objects

    objects.__path__.insert(0, os.path.join(overlay, "communicator_objects"))

# The library's log goes to the standard output, which is for the answers.
answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)


def serve_requests(work):
    """Does `work` as often as the lines of the standard input say."""
    answers.write("ready\n")
    for line in iter(sys.stdin.readline, ""):
        begin = time.perf_counter()
        for _ in range(int(line)):
            work()
        answers.write(f"{time.perf_counter() - begin}\n")
