"""What only a WooCommerce shop can answer. Its words are in `words/`, under `problems.<code>`."""

from xtnd_wizard.domain.problems import Cure, Problem, ResponsibleParty, Stage

KEY_CANNOT_READ = Problem("key_cannot_read", Stage.KEY, "access_token", cure=Cure.AT_THE_CHANNEL)
WARNINGS_IN_ANSWER = Problem(
    "warnings_in_answer", Stage.RECOGNISE, responsible_party=ResponsibleParty.CHANNEL, cure=Cure.AT_THE_CHANNEL
)
PROBLEMS = (KEY_CANNOT_READ, WARNINGS_IN_ANSWER)
