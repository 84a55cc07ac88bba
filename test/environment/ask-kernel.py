# Starts the kernel that Jupyter knows as tslab, in the folder given, asks it for completions and runs code.
# Reads {"complete": code, "execute": [code, ...]} from stdin and writes the answers as JSON.
import json
import subprocess
import sys

from jupyter_client.manager import start_new_kernel

asked = json.load(sys.stdin)
# Node would make a shared stdout non-blocking, and what is written below would be cut off.
manager, client = start_new_kernel(
    kernel_name="tslab", cwd=sys.argv[1], startup_timeout=60, stdout=subprocess.DEVNULL
)
try:
    code = asked["complete"]
    matches = client.complete(code, len(code), reply=True, timeout=30)["content"]["matches"]
    outputs, statuses = [], []
    for source in asked["execute"]:
        reply = client.execute_interactive(
            source, timeout=60, output_hook=lambda message: outputs.append(message["content"])
        )
        statuses.append(reply["content"]["status"])
    said = client.inspect("fitMixed", 4, reply=True, timeout=30)["content"]
    json.dump({"matches": matches, "statuses": statuses, "outputs": outputs, "inspected": said}, sys.stdout)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
