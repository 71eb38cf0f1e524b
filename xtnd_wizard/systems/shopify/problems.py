"""What only a Shopify app can meet. Its words are in `words/`, under `problems.<code>`."""

from xtnd_wizard.domain.problems import Cure, Problem, Stage

APP_NOT_INSTALLED = Problem("app_not_installed", Stage.KEY, "api_url", cure=Cure.AT_THE_CHANNEL)
APP_OF_ANOTHER_ORGANISATION = Problem("app_of_another_organisation", Stage.KEY, "access_token")
ACCOUNT_UNPAID = Problem("account_unpaid", Stage.SHOP)
PROBLEMS = (APP_NOT_INSTALLED, APP_OF_ANOTHER_ORGANISATION, ACCOUNT_UNPAID)
