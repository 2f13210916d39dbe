"""What the documents show."""
import json
import re

from emulator import ROOT

DOCUMENTS = ("README.md", "emulator/control/README.md")


def scenario_blocks() -> "list[tuple[str, dict]]":
    """Each scenario that is printed: its text, and what it says."""
    found = []
    for document in DOCUMENTS:
        for block in re.findall(r"```json\n(.*?)```", (ROOT / document).read_text("utf-8"), re.DOTALL):
            try:
                value = json.loads(block)
            except ValueError:
                continue  # an answer that is cut short
            if isinstance(value, dict) and "projects" in value:
                found.append((block, value))
    assert found, "the documents show no scenario"
    return found
