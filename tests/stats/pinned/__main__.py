"""Keeps the answers of all calls anew."""

import json

from tests.stats import pinned

answers = {call: pinned.answer(call) for call in pinned.calls()}
pinned.ANSWERS.write_text(json.dumps(answers, indent=None, separators=(",", ":")).replace('},"', '},\n"') + "\n")
