"""Every error this package raises, split by what the caller does next.

`Transient` may pass by waiting; `Permanent` needs a person or another input. The command line turns
`exit_code` into its own: 2 wrong usage or configuration, 3 the provider or the broker failed, 4 a
file could not be read or written. All arguments are positional and given to `Exception.__init__`,
so that an error survives pickle and Celery's JSON (`cls(*exc.args)`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from rewriter.article import Usage

INTERRUPTED = 130  # the exit code after Ctrl-C: 128 and the number of SIGINT
# All other exit codes, the highest rank first: files, provider, configuration, stale or incomplete
# recordings, findings or a loss, inconclusive, done.
_RANKED = (4, 3, 2, 5, 1, 6, 0)


def highest_exit_code(*exit_codes: int) -> int:
    """The exit code of a command that met all of these; 0 for none."""
    return min(exit_codes, key=_RANKED.index, default=0)


class RewriterError(Exception):
    """Base of all errors of this package; `str(error)` is a message a person can act on.

    `unanswered` is the number of calls that timed out: the provider may have billed them. `paid` is
    the usage of answers that came before the error and were not kept. `status` is the HTTP status
    that a provider reported the error with.
    """

    exit_code: ClassVar[int] = 1
    unanswered: int = 0
    paid: Usage | None = None
    status: int | None = None

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class Transient(RewriterError):
    """The same call may succeed later: after `retry_after` seconds, None where nobody said."""

    exit_code = 3

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message, retry_after)
        self.retry_after = retry_after


class Permanent(RewriterError):
    """The same call will fail again until something else changes."""


class StoppedError(Transient):
    """The run ended before this article was done; nothing of it is lost."""

    exit_code = 0


# --- configuration and usage -------------------------------------------------------------------


class ConfigurationError(Permanent):
    """A setting, option or argument is missing or wrong."""

    exit_code = 2


class PriceUnknownError(ConfigurationError):
    """A budget was given, and the model has no price."""


class PromptError(ConfigurationError):
    """A prompt file is missing, malformed, or asks for variables that nobody supplies."""


# --- files -------------------------------------------------------------------------------------


class FileError(Permanent):
    """A file could not be read or written; nothing was changed."""

    exit_code = 4


class LedgerError(FileError):
    """The ledger could not store a paid answer: the next one would be lost as well."""


class NoRoomError(LedgerError):
    """The ledger could not have stored an answer, so nothing was asked or paid."""


class SourceError(FileError):
    """The input is not an article that can be read: binary, undecodable, empty or too large."""


class FrontMatterError(FileError):
    """Front matter that cannot be parsed, and was therefore not changed.

    `line` counts from 1 in the whole file. The caller that knows the file's name adds it with `at`.
    The message is then `file:line: reason`.
    """

    def __init__(self, reason: str, line: int = 1, path: str | None = None) -> None:
        super().__init__(reason, line, path)
        self.reason = reason
        self.line = line
        self.path = path

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.path else f"line {self.line}"
        return f"{where}: {self.reason}"

    def at(self, path: object) -> FrontMatterError:
        """The same error, naming the file; for `raise error.at(path) from None`."""
        return FrontMatterError(self.reason, self.line, str(path))


class FileChangedError(FileError):
    """The file changed since it was read, so it was not overwritten."""


class StoreUnreachableError(FileError):
    """The store of an article does not answer: whether a write has happened is not known."""


# --- the provider ------------------------------------------------------------------------------


class ProviderUnavailableError(Transient):
    """No answer: connection refused or reset, DNS, time-out, or a 5xx status."""


class RateLimitedError(Transient):
    """The provider asks for a pause."""


class ProviderError(Permanent):
    """The provider will not answer this request: key, quota, model, or parameters."""

    exit_code = 3


class AccessDeniedError(ProviderError):
    """The key, the model or the address is wrong: no article will be answered."""


class QuotaExhaustedError(ProviderError):
    """The account's quota is used up; waiting does not help, topping up does."""


class NoBatchEndpointError(ProviderError):
    """The endpoint takes no batches; the same articles can be asked about directly."""


class AnswerError(ProviderError):
    """The provider answered, was paid, and the answer cannot be used."""


class RefusedError(AnswerError):
    """The model or its content filter declined to answer."""


class TruncatedError(AnswerError):
    """The answer ended at its token limit."""


class MalformedAnswerError(AnswerError):
    """The answer is empty, is not JSON, or does not fit the schema."""


class BudgetSpentError(Permanent):
    """The next call could pass the amount of money that was allowed, and was not made."""

    exit_code = 3


# Every further request of a run would fail in the same way: the run ends.
ENDING_A_RUN = (
    AccessDeniedError,
    BudgetSpentError,
    LedgerError,
    PriceUnknownError,
    QuotaExhaustedError,
)


class NotRecordedError(Permanent):
    """A replay met a request that its ledger does not hold."""

    exit_code = 3


# --- the queue ---------------------------------------------------------------------------------


class QueueError(Transient):
    """The queue's Redis cannot be reached, or does not do what it is asked."""


class ArticleError(Permanent):
    """The article of a task did not end well; `outcome` is failed, dead or cancelled."""

    def __init__(self, reason: str, outcome: str = "failed", path: str = "") -> None:
        super().__init__(reason, outcome, path)
        self.outcome = outcome
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: {self.args[0]}" if self.path else super().__str__()


class MessageError(Permanent):
    """A message of the queue is not one of ours, or leads out of the content root."""
