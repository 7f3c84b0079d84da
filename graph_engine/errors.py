"""What the engine refuses."""


class BadExport(Exception):
    """The export cannot become a map; the code never changes, the sentence says what was found and what is taken."""

    def __init__(self, code: str, sentence: str) -> None:
        """Keep both."""
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


class ModelsMissing(Exception):
    """The models were not built here, or are not those that were built."""
