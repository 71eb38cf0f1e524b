"""The message with which a merchant asks somebody else for a right, a licence or an open door.

It is made of the catalogues' words, the host and the channel's own facts. Neither it nor anything it is made of has
ever seen a sealed value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from xtnd_wizard.domain.problems import Cure, Problem, ProblemCode, ResponsibleParty
from xtnd_wizard.i18n import text
from xtnd_wizard.systems.contract import System
from xtnd_wizard.wizard.problem_words import asking_text, problem_text

_SOMEBODY_ELSES = frozenset({ProblemCode.LICENCE_MISSING, ProblemCode.ACCOUNT_LOCKED, ProblemCode.ACCOUNT_CLOSED})


@dataclass(frozen=True)
class Message:
    """A message to be copied or sent. Plain text: a channel's facts may be in it."""

    subject: str
    body: str

    @property
    def mailto(self) -> str:
        """The link that opens it in the reader's own e-mail program."""
        return f"mailto:?subject={quote(self.subject)}&body={quote(self.body)}"


def message_for_colleague(
    system: System, problem: Problem, host: str, facts: Mapping[str, str], language: str
) -> Message | None:
    """The message about a problem, in the language of whoever is to read it; None where nobody else is needed."""
    known = {"host": host, **facts}
    needed = asking_text(system, language, problem.code, known)
    if not needed and not _is_somebody_elses(problem):
        return None
    if not needed:
        said = {part: problem_text(system, language, problem.code, part, known) for part in ("title", "why", "do")}
        needed = text(language, "colleague.generic", **said)
    name = system.xtnd_name or system.name
    parts = [text(language, "colleague.opening", system=name), needed]
    if not system.hosts.fixed:
        parts.append(text(language, "colleague.address", address=f"https://{host}"))
    parts.append(text(language, "colleague.closing"))
    return Message(text(language, "colleague.subject", system=name), "\n\n".join(parts))


def _is_somebody_elses(problem: Problem) -> bool:
    """Whether a right, a licence or a setting is missing that most often somebody else can give."""
    return (
        problem.responsible_party is ResponsibleParty.CHANNEL
        or problem.cure is Cure.AT_THE_CHANNEL
        or problem.code in _SOMEBODY_ELSES
    )
