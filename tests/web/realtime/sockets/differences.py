"""What plain sockets do otherwise, test by test; the suite fails if one of them no longer does."""

PLAIN_DIFFERS: dict[str, str] = {
    "test_a_claim_above_the_limit_is_refused_before_any_payload[plain]": (
        "wsproto shows a frame's length only as its payload comes: 1009 follows once max_message bytes have come"
    ),
    "test_echoes_the_code_of_a_close[plain-1014]": "wsproto does not know 1014 and answers 1002",
}
