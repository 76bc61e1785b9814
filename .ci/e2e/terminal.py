"""A command on a terminal, as a person has it."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

# What moves the cursor, clears and colours.
CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


def take_terminal():
    """Ctrl-C reaches who has the terminal as its own, also where the tests themselves run in the background and are deaf to it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    def __init__(self, prepared):
        self.keyboard, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 200, 0, 0))
        prepared["env"] |= {"TERM": "xterm-256color"}
        streams = {"stdin": end, "stdout": end, "stderr": end}
        self.process = subprocess.Popen(**prepared, **streams, start_new_session=True, preexec_fn=take_terminal)
        os.close(end)
        self.raw = ""

    @property
    def text(self):
        return CONTROLS.sub("", self.raw)

    def wait_for(self, words, seconds=120):
        """Reads until they were shown."""
        deadline = time.monotonic() + seconds
        while words not in self.text:
            assert self._read(deadline), f"`{words}` is not shown:\n{self.text}"

    def type(self, text):
        os.write(self.keyboard, text.encode())

    def end(self, seconds=120):
        """The exit code, and all that was shown."""
        deadline = time.monotonic() + seconds
        while self._read(deadline):
            pass
        code = self.process.wait(max(1, deadline - time.monotonic()))
        os.close(self.keyboard)
        return code, self.text

    def _read(self, deadline):
        ready, _, _ = select.select([self.keyboard], [], [], max(0, deadline - time.monotonic()))
        try:
            read = os.read(self.keyboard, 65536) if ready else b""
        except OSError:  # the other end is closed
            read = b""
        self.raw += read.decode(errors="replace")
        return bool(read)
