"""What every peer says to an answer: a receipt that nothing stands behind."""

import json


def receipt_for(text: str) -> str:
    """Return the receipt of an answer, without keeping anything of it."""
    answer = json.loads(text)
    return json.dumps(
        {
            "type": "receipt",
            "question": answer["question"],
            "option": answer["option"],
            "status": "accepted",
            "receipt": "ABCDEFGH",
            "time_ms": 1234,
        },
        separators=(",", ":"),
    )
