"""Errors that a person meets: each states the fact and the cure, in Chinese.

The library raises them; the commands and the pages print them. Exit codes are those of the
command contract: 1 could not be done, 4 no usable index.
"""


class SuyuanError(Exception):
    """Something a person can act on.

    `fact` says what is so, `cure` what to do; `str()` gives both.
    """

    exit_code = 1

    def __init__(self, fact: str, cure: str) -> None:
        super().__init__(fact, cure)
        self.fact = fact
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.fact}{self.cure}"


class ReadError(SuyuanError):
    """One file cannot be read as a notice; the build goes on without it."""


class CorpusError(SuyuanError):
    """The folder of notices is missing or cannot be read."""


class ModelError(SuyuanError):
    """The embedding model cannot be loaded."""


class BuildError(SuyuanError):
    """A build could not be finished; the live index is as it was."""


class BuildStopped(SuyuanError):
    """A person stopped a build; the live index is as it was."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__("已停止更新索引。", "索引照常可用，已算好的部分下次不会重算。")


class IndexUnusable(SuyuanError):
    """There is no index, or it is damaged, or it was made by another version or model."""

    exit_code = 4


class QuestionError(SuyuanError):
    """The question cannot be searched for: empty, too long, or without a word."""

    exit_code = 2


class FilterError(SuyuanError):
    """Nothing in the corpus has what a search is narrowed to."""

    exit_code = 2


class DocumentMissing(SuyuanError):
    """No document of that name is in the index."""


class CitationError(SuyuanError):
    """A quote is not word for word what the document says; it must not be shown."""


class LanguageModelError(SuyuanError):
    """The optional language model gave nothing that can be used; the extractive answer stands."""
