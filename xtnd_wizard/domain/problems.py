"""The closed list of ways in which connecting can fail.

A problem is a stable code, not a sentence: the code crosses modules and reaches the database,
the words live in the text catalogues (`problem.<code>.*`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Stage(StrEnum):
    """How far a check had come, in the order in which a call proceeds."""

    ADDRESS = "address"
    SECURE = "secure"
    RECOGNISE = "recognise"
    KEY = "key"
    PERMISSIONS = "permissions"
    SHOP = "shop"
    SAVE = "save"


class ResponsibleParty(StrEnum):
    """Whose turn it is to act."""

    MERCHANT = "merchant"
    CHANNEL = "channel"
    US = "us"
    WAIT = "wait"


class ProblemCode(StrEnum):
    """Every way a check or a save fails."""

    HOST_NOT_FOUND = "host_not_found"
    DNS_TROUBLE = "dns_trouble"
    NOT_PUBLIC = "not_public"
    UNREACHABLE = "unreachable"
    TLS_EXPIRED = "tls_expired"
    TLS_UNTRUSTED = "tls_untrusted"
    TLS_WRONG_HOST = "tls_wrong_host"
    TLS_OLD = "tls_old"
    TLS_MISSING = "tls_missing"
    SLOW = "slow"
    DROPPED = "dropped"
    NOT_AN_API = "not_an_api"
    REDIRECTED = "redirected"
    WRONG_PATH_OR_PRODUCT = "wrong_path_or_product"
    BLOCKED_BY_WAF = "blocked_by_waf"
    UPSTREAM_DOWN = "upstream_down"
    RATE_LIMITED = "rate_limited"
    KEY_REJECTED = "key_rejected"
    KEY_LACKS_PERMISSION = "key_lacks_permission"
    PERMISSION_MISSING = "permission_missing"
    ENDPOINT_DOES_NOT_CHECK_KEYS = "endpoint_does_not_check_keys"
    ANSWER_UNREADABLE = "answer_unreadable"
    SHOP_OUT_OF_REACH = "shop_out_of_reach"
    CONTROL_INCONCLUSIVE = "control_inconclusive"
    SECRET_REJECTED = "secret_rejected"  # noqa: S105  # a code
    SIGN_IN_REJECTED = "sign_in_rejected"
    SIGNATURE_REJECTED = "signature_rejected"
    VALUES_REJECTED = "values_rejected"
    SIGN_IN_NEEDS_MORE = "sign_in_needs_more"
    SECOND_FACTOR_REQUIRED = "second_factor_required"
    SECOND_FACTOR_NOT_SET_UP = "second_factor_not_set_up"
    KEY_CANNOT_READ = "key_cannot_read"
    APP_NOT_INSTALLED = "app_not_installed"
    APP_OF_ANOTHER_ORGANISATION = "app_of_another_organisation"
    SESSION_ENDS_AT_ONCE = "session_ends_at_once"
    REFUSED_FOR_SECURITY = "refused_for_security"
    PRODUCT_MISSING = "product_missing"
    API_SWITCHED_OFF = "api_switched_off"
    HTTPS_HIDDEN = "https_hidden"
    WARNINGS_IN_ANSWER = "warnings_in_answer"
    LICENCE_MISSING = "licence_missing"
    CONSENT_LOST = "consent_lost"
    OUR_APP_REFUSED = "our_app_refused"
    ACCOUNT_UNPAID = "account_unpaid"
    ACCOUNT_LOCKED = "account_locked"
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_CLOSED = "account_closed"
    OTHER_ACCOUNT = "other_account"
    VERIFIED_NOT_SAVED = "verified_not_saved"
    SERVICE_UNAVAILABLE = "service_unavailable"


@dataclass(frozen=True)
class Problem:
    """What is known of a problem wherever it occurs."""

    code: ProblemCode
    stage: Stage
    field: str | None
    """The credential field to look at first, by XTND's name; None when none is at fault."""
    responsible_party: ResponsibleParty
    retryable: bool
    """Whether the same values may pass on another try."""


def _listed(*problems: tuple[ProblemCode, Stage, str | None, ResponsibleParty, bool]) -> Mapping[ProblemCode, Problem]:
    return MappingProxyType({row[0]: Problem(*row) for row in problems})


_P, _S, _T = ProblemCode, Stage, ResponsibleParty

PROBLEMS: Mapping[ProblemCode, Problem] = _listed(
    (_P.HOST_NOT_FOUND, _S.ADDRESS, "api_url", _T.MERCHANT, False),
    (_P.DNS_TROUBLE, _S.ADDRESS, None, _T.WAIT, True),
    (_P.NOT_PUBLIC, _S.ADDRESS, "api_url", _T.MERCHANT, False),
    (_P.UNREACHABLE, _S.ADDRESS, "api_url", _T.CHANNEL, True),
    (_P.TLS_EXPIRED, _S.SECURE, None, _T.CHANNEL, False),
    (_P.TLS_UNTRUSTED, _S.SECURE, None, _T.CHANNEL, False),
    (_P.TLS_WRONG_HOST, _S.SECURE, "api_url", _T.MERCHANT, False),
    (_P.TLS_OLD, _S.SECURE, None, _T.CHANNEL, False),
    (_P.TLS_MISSING, _S.SECURE, "api_url", _T.MERCHANT, False),
    (_P.SLOW, _S.RECOGNISE, None, _T.WAIT, True),
    (_P.DROPPED, _S.RECOGNISE, None, _T.WAIT, True),
    (_P.NOT_AN_API, _S.RECOGNISE, "api_url", _T.MERCHANT, False),
    (_P.REDIRECTED, _S.RECOGNISE, "api_url", _T.MERCHANT, False),
    (_P.WRONG_PATH_OR_PRODUCT, _S.RECOGNISE, "api_url", _T.MERCHANT, False),
    (_P.BLOCKED_BY_WAF, _S.RECOGNISE, None, _T.CHANNEL, False),
    (_P.UPSTREAM_DOWN, _S.RECOGNISE, None, _T.WAIT, True),
    (_P.RATE_LIMITED, _S.RECOGNISE, None, _T.WAIT, True),
    (_P.KEY_REJECTED, _S.KEY, "access_token", _T.MERCHANT, False),
    (_P.KEY_LACKS_PERMISSION, _S.KEY, "access_token", _T.MERCHANT, False),
    (_P.SECRET_REJECTED, _S.KEY, "secret", _T.MERCHANT, False),
    (_P.SIGN_IN_REJECTED, _S.KEY, "secret", _T.MERCHANT, False),
    (_P.SIGNATURE_REJECTED, _S.KEY, "secret", _T.MERCHANT, False),
    (_P.VALUES_REJECTED, _S.KEY, None, _T.MERCHANT, False),
    (_P.SIGN_IN_NEEDS_MORE, _S.KEY, None, _T.MERCHANT, False),
    (_P.SECOND_FACTOR_REQUIRED, _S.KEY, None, _T.MERCHANT, False),
    (_P.SECOND_FACTOR_NOT_SET_UP, _S.KEY, None, _T.MERCHANT, False),
    (_P.KEY_CANNOT_READ, _S.KEY, "access_token", _T.MERCHANT, False),
    (_P.APP_NOT_INSTALLED, _S.KEY, "api_url", _T.MERCHANT, False),
    (_P.APP_OF_ANOTHER_ORGANISATION, _S.KEY, "access_token", _T.MERCHANT, False),
    (_P.SESSION_ENDS_AT_ONCE, _S.KEY, None, _T.MERCHANT, False),
    (_P.REFUSED_FOR_SECURITY, _S.RECOGNISE, None, _T.CHANNEL, False),
    (_P.PRODUCT_MISSING, _S.RECOGNISE, "api_url", _T.MERCHANT, False),
    (_P.API_SWITCHED_OFF, _S.RECOGNISE, None, _T.MERCHANT, False),
    (_P.HTTPS_HIDDEN, _S.KEY, None, _T.CHANNEL, False),
    (_P.WARNINGS_IN_ANSWER, _S.RECOGNISE, None, _T.CHANNEL, False),
    (_P.LICENCE_MISSING, _S.PERMISSIONS, None, _T.MERCHANT, False),
    (_P.CONSENT_LOST, _S.KEY, "access_token", _T.MERCHANT, False),
    (_P.OUR_APP_REFUSED, _S.KEY, None, _T.US, False),
    (_P.ACCOUNT_UNPAID, _S.SHOP, None, _T.MERCHANT, False),
    (_P.PERMISSION_MISSING, _S.PERMISSIONS, "access_token", _T.MERCHANT, False),
    (_P.ANSWER_UNREADABLE, _S.PERMISSIONS, None, _T.CHANNEL, True),
    (_P.SHOP_OUT_OF_REACH, _S.SHOP, None, _T.MERCHANT, False),
    (_P.ENDPOINT_DOES_NOT_CHECK_KEYS, _S.KEY, "api_url", _T.CHANNEL, False),
    (_P.CONTROL_INCONCLUSIVE, _S.KEY, None, _T.WAIT, True),
    (_P.ACCOUNT_LOCKED, _S.SHOP, None, _T.MERCHANT, False),
    (_P.ACCOUNT_SUSPENDED, _S.SHOP, None, _T.MERCHANT, False),
    (_P.ACCOUNT_CLOSED, _S.SHOP, None, _T.MERCHANT, False),
    (_P.OTHER_ACCOUNT, _S.SHOP, None, _T.MERCHANT, False),
    (_P.VERIFIED_NOT_SAVED, _S.SAVE, None, _T.US, True),
    (_P.SERVICE_UNAVAILABLE, _S.SAVE, None, _T.US, False),
)

MENDED_AT_THE_CHANNEL = frozenset(
    (
        ProblemCode.KEY_LACKS_PERMISSION,
        ProblemCode.PERMISSION_MISSING,
        ProblemCode.SESSION_ENDS_AT_ONCE,
        ProblemCode.KEY_CANNOT_READ,
        ProblemCode.APP_NOT_INSTALLED,
        ProblemCode.API_SWITCHED_OFF,
        ProblemCode.HTTPS_HIDDEN,
        ProblemCode.WARNINGS_IN_ANSWER,
    )
)
"""Something is changed at the channel, and not here: the same values pass once a role was added there."""

MENDED_BY_ANOTHER_WAY = frozenset(
    (ProblemCode.SECOND_FACTOR_REQUIRED, ProblemCode.SECOND_FACTOR_NOT_SET_UP, ProblemCode.SIGN_IN_NEEDS_MORE)
)
"""Another authentication method helps, where the system has one."""

OF_SEVERAL_VALUES = frozenset((ProblemCode.VALUES_REJECTED, ProblemCode.SIGN_IN_REJECTED))
"""One of several values is wrong, and the channel did not say which: all of them are looked at anew."""
