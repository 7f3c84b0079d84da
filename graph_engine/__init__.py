"""From exports of conversations to a map of them: offline, repeatable, and without a word of the product."""
