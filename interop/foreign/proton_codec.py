"""Reads lines {"octets"} (hex) or {"value"} (neutral), answers what Proton reads or writes, or {"error"}."""

import json
import sys

from proton_values import decode, encode


def answer(octets=None, value=None):
    try:
        if octets is None:
            return {"octets": encode(value).hex()}
        return {"value": decode(bytes.fromhex(octets))}
    except Exception as error:  # whatever Proton raises is the answer
        return {"error": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    print(json.dumps(answer(**json.loads(line))))
