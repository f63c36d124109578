"""Drives the installed kernel through Jupyter's client. Fails with a traceback."""

import threading

from jupyter_client.manager import KernelManager

KINDS = ("stream", "display_data", "update_display_data", "error")
MODEL = """model coin(flips: [Bool]) {
  p ~ Beta(1, 1)
  observe flips ~ Bernoulli(p)
}
let fit = infer(coin(flips: [true, true, false]), importance(particles: 10_000))"""

manager = KernelManager(kernel_name="borel")
manager.start_kernel()
client = manager.client()
client.start_channels()
try:
    client.wait_for_ready(timeout=60)

    def run(code, interrupt=None):
        """The reply, and what was shown."""
        shown = []

        def keep(message):
            if message["msg_type"] in KINDS:
                shown.append((message["msg_type"], message["content"]))

        if interrupt:
            threading.Timer(interrupt, manager.interrupt_kernel).start()
        reply = client.execute_interactive(code, timeout=60, output_hook=keep)
        return reply["content"], shown

    reply, shown = run(MODEL)
    assert reply["status"] == "ok", reply
    assert shown[-1][0] == "display_data" and "text/html" in shown[-1][1]["data"], shown
    reply, shown = run(":plot fit")
    assert "image/svg+xml" in shown[-1][1]["data"], shown
    reply, shown = run("1 +* 2")
    assert (reply["status"], reply["ename"]) == ("error", "E0110"), reply
    assert "<entry 2>:1:4" in shown[0][1]["text"], shown
    # An interrupt ends the cell and keeps the session.
    reply, shown = run("while true { }", interrupt=0.5)
    assert reply["status"] == "error", reply
    reply, shown = run("fit.mean(\"p\") > 0.5")
    assert shown[0][1]["text"] == "$1: Bool = true\n", shown
    client.complete("fit.me", 6)
    while True:
        message = client.get_shell_msg(timeout=30)
        if message["msg_type"] == "complete_reply":
            break
    assert message["content"]["matches"] == ["mean"], message["content"]
    assert message["content"]["cursor_start"] == 4, message["content"]
finally:
    client.stop_channels()
    manager.shutdown_kernel()
