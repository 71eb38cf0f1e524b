"""What only a Magento 2 shop can answer. Its words are in `words/`, under `problems.<code>`."""

from xtnd_wizard.domain.problems import Cure, Problem, Stage

SIGNATURE_REJECTED = Problem("signature_rejected", Stage.KEY, "secret")
VALUES_REJECTED = Problem("values_rejected", Stage.KEY, cure=Cure.ALL_VALUES)
SIGN_IN_NEEDS_MORE = Problem("sign_in_needs_more", Stage.KEY, cure=Cure.ANOTHER_METHOD)
SECOND_FACTOR_REQUIRED = Problem("second_factor_required", Stage.KEY, cure=Cure.ANOTHER_METHOD)
SECOND_FACTOR_NOT_SET_UP = Problem("second_factor_not_set_up", Stage.KEY, cure=Cure.ANOTHER_METHOD)
PROBLEMS = (
    SIGNATURE_REJECTED,
    VALUES_REJECTED,
    SIGN_IN_NEEDS_MORE,
    SECOND_FACTOR_REQUIRED,
    SECOND_FACTOR_NOT_SET_UP,
)
