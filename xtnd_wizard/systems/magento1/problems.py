"""What only a Magento 1 shop can answer. Its words are in `words/`, under `problems.<code>`."""

from xtnd_wizard.domain.problems import Cure, Problem, Stage

SESSION_ENDS_AT_ONCE = Problem("session_ends_at_once", Stage.KEY, cure=Cure.AT_THE_CHANNEL)
PROBLEMS = (SESSION_ENDS_AT_ONCE,)
