"""Jupyter kernel of Borel: passes cells to `borel kernel serve` and shows what it answers."""

import json
import os
import queue
import signal
import subprocess
import threading

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel


class BorelKernel(Kernel):
    implementation = "borel"
    implementation_version = "1"
    banner = "Borel, a probabilistic programming language"
    language_info = {"name": "borel", "mimetype": "text/x-borel", "file_extension": ".ppl"}

    def __init__(self, **options):
        super().__init__(**options)
        self.launch()

    def launch(self):
        # A session of its own: interrupts reach it only by what this process sends.
        self.borel = subprocess.Popen(
            [os.environ.get("BOREL", "borel"), "kernel", "serve"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, encoding="utf-8", start_new_session=True)
        # A thread reads, because an interrupt in the middle of a line would lose a part of it.
        self.lines = queue.Queue()
        threading.Thread(
            target=self.read_lines, args=(self.borel.stdout, self.lines), daemon=True).start()

    @staticmethod
    def read_lines(stream, lines):
        for line in stream:
            lines.put(line)
        lines.put(None)

    def ask(self, show=None, **request):
        """The last answer to a request; those before it go to `show`."""
        try:
            self.borel.stdin.write(json.dumps(request) + "\n")
            self.borel.stdin.flush()
            while True:
                try:
                    line = self.lines.get()
                except KeyboardInterrupt:
                    self.borel.send_signal(signal.SIGINT)
                    continue
                if line is None:
                    break
                answer = json.loads(line)
                if "done" in answer:
                    return answer
                if show:
                    show(answer)
        except BrokenPipeError:
            pass
        status = self.borel.wait()
        self.launch()
        return {"done": "error", "code": "", "message":
                f"the session has ended with status {status}; what it had defined is lost"}

    def show(self, answer):
        kind = answer["show"]
        if kind in ("text", "problem"):
            name = "stdout" if kind == "text" else "stderr"
            self.send_response(self.iopub_socket, "stream", {"name": name, "text": answer["text"]})
        elif kind == "display":
            self.send_response(
                self.iopub_socket, "display_data", {"data": answer["data"], "metadata": {}})
        elif kind == "progress":
            content = {
                "data": {"text/plain": answer["text"]}, "metadata": {},
                "transient": {"display_id": f"progress {self.execution_count}"}}
            update = "update_display_data" if self.has_progress else "display_data"
            self.send_response(self.iopub_socket, update, content)
            self.has_progress = True

    def do_execute(self, code, silent, store_history=True, user_expressions=None,
                   allow_stdin=False, **_):
        self.has_progress = False
        answer = self.ask(None if silent else self.show, **{"do": "execute", "code": code})
        if answer["done"] == "ok":
            return {"status": "ok", "execution_count": self.execution_count, "payload": [],
                    "user_expressions": {}}
        failure = {"ename": answer.get("code", ""), "evalue": answer.get("message", ""),
                   "traceback": []}
        if not silent:
            self.send_response(self.iopub_socket, "error", failure)
        return {"status": "error", "execution_count": self.execution_count, **failure}

    @staticmethod
    def bytes_before(code, cursor):
        return len(code[:cursor].encode())

    def do_complete(self, code, cursor_pos):
        answer = self.ask(**{"do": "complete", "code": code,
                             "cursor": self.bytes_before(code, cursor_pos)})
        start = len(code.encode()[:answer.get("start", 0)].decode())
        return {"status": "ok", "matches": answer.get("matches", []), "metadata": {},
                "cursor_start": start, "cursor_end": cursor_pos}

    def do_inspect(self, code, cursor_pos, detail_level=0, omit_sections=()):
        answer = self.ask(**{"do": "inspect", "code": code,
                             "cursor": self.bytes_before(code, cursor_pos)})
        data = {"text/plain": answer["text"]} if answer.get("found") else {}
        return {"status": "ok", "found": bool(data), "data": data, "metadata": {}}

    def do_is_complete(self, code):
        answer = self.ask(**{"do": "judge", "code": code})
        return {"status": answer.get("state", "unknown"), "indent": "  "}

    def do_shutdown(self, restart):
        self.borel.terminate()
        return {"status": "ok", "restart": restart}


if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=BorelKernel)
