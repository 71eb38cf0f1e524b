"""What only a Mirakl login can meet. Its words are in `words/`, under `problems.<code>`."""

from xtnd_wizard.domain.problems import Problem, Stage

SHOP_OUT_OF_REACH = Problem("shop_out_of_reach", Stage.SHOP)
ACCOUNT_SUSPENDED = Problem("account_suspended", Stage.SHOP)
OTHER_ACCOUNT = Problem("other_account", Stage.SHOP)
PROBLEMS = (SHOP_OUT_OF_REACH, ACCOUNT_SUSPENDED, OTHER_ACCOUNT)
