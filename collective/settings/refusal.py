"""Why an instance does not start: one sentence for the person at the terminal, and exit status 1."""


class StartRefusedError(SystemExit):
    """Raised while settings are read or parts are started. Python prints the sentence and no traceback."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence
