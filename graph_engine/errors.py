"""What the engine refuses."""


class BadExport(Exception):
    """The export cannot become a map; the code never changes, the sentences say what is wrong."""

    def __init__(self, code: str, en: str, ko: str) -> None:
        """Keep the code, and the sentence in English and Korean."""
        super().__init__(en)
        self.code, self.en, self.ko = code, en, ko


class ModelsMissing(Exception):
    """The models were not built here, or are not those that were built."""
