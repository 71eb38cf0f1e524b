"""Which version of Shopify's Admin API is spoken here, and until when.

Shopify releases a version each quarter, names it after its month, and supports it for at least twelve
months; a version that is gone is answered by the oldest one that is left, without a word
(shopify.dev/docs/api/usage/versioning). 2026-10 was the newest stable one when this was written, so
it lasts longest, and what is asked of it here has been the same for years. To move on, change both
values together.
"""

from datetime import date

from xtnd_wizard.systems.checks import Retirement

API_VERSION = "2026-10"
RETIREMENT = Retirement(f"Admin API {API_VERSION}", date(2027, 10, 1))
