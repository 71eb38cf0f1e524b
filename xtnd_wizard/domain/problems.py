"""The closed list of ways in which connecting can fail, as far as all systems share it.

A problem is a stable code, not a sentence: the code crosses modules and reaches the database, the words
live in the text catalogues (`problem.<code>.*`). What only one system can meet is listed in its folder, with
its words in the system's catalogues (`problems.<code>.*`).
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


class Cure(StrEnum):
    """Where a merchant mends what no single field of the form is to blame for."""

    AT_THE_CHANNEL = "at_the_channel"
    """Something is changed at the channel, and not here: the same values pass once a role was added there."""
    ANOTHER_METHOD = "another_method"
    """Another authentication method helps, where the system has one."""
    ALL_VALUES = "all_values"
    """One of several values is wrong, and the channel did not say which: all of them are looked at anew."""


class ProblemCode(StrEnum):
    """The ways in which any system's check, or a save, fails. A system may add its own (`System.problems`)."""

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
    CONTROL_INCONCLUSIVE = "control_inconclusive"
    SECRET_REJECTED = "secret_rejected"  # noqa: S105  # a code
    SIGN_IN_REJECTED = "sign_in_rejected"
    REFUSED_FOR_SECURITY = "refused_for_security"
    PRODUCT_MISSING = "product_missing"
    API_SWITCHED_OFF = "api_switched_off"
    HTTPS_HIDDEN = "https_hidden"
    LICENCE_MISSING = "licence_missing"
    CONSENT_LOST = "consent_lost"
    OUR_APP_REFUSED = "our_app_refused"
    ACCOUNT_LOCKED = "account_locked"
    ACCOUNT_CLOSED = "account_closed"
    VERIFIED_NOT_SAVED = "verified_not_saved"
    SERVICE_UNAVAILABLE = "service_unavailable"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Problem:
    """What is known of a problem wherever it occurs."""

    code: str
    stage: Stage
    field: str | None = None
    """The credential field to look at first, by XTND's name; None when none is at fault."""
    responsible_party: ResponsibleParty = ResponsibleParty.MERCHANT
    retryable: bool = False
    """Whether the same values may pass on another try."""
    cure: Cure | None = None
    """What helps besides another try or another value in the field, where there is such a thing."""


_P, _S, _T = ProblemCode, Stage, ResponsibleParty

PROBLEMS: Mapping[str, Problem] = MappingProxyType(
    {
        problem.code: problem
        for problem in (
            Problem(_P.HOST_NOT_FOUND, _S.ADDRESS, "api_url"),
            Problem(_P.DNS_TROUBLE, _S.ADDRESS, responsible_party=_T.WAIT, retryable=True),
            Problem(_P.NOT_PUBLIC, _S.ADDRESS, "api_url"),
            Problem(_P.UNREACHABLE, _S.ADDRESS, "api_url", responsible_party=_T.CHANNEL, retryable=True),
            Problem(_P.TLS_EXPIRED, _S.SECURE, responsible_party=_T.CHANNEL),
            Problem(_P.TLS_UNTRUSTED, _S.SECURE, responsible_party=_T.CHANNEL),
            Problem(_P.TLS_WRONG_HOST, _S.SECURE, "api_url"),
            Problem(_P.TLS_OLD, _S.SECURE, responsible_party=_T.CHANNEL),
            Problem(_P.TLS_MISSING, _S.SECURE, "api_url"),
            Problem(_P.SLOW, _S.RECOGNISE, responsible_party=_T.WAIT, retryable=True),
            Problem(_P.DROPPED, _S.RECOGNISE, responsible_party=_T.WAIT, retryable=True),
            Problem(_P.NOT_AN_API, _S.RECOGNISE, "api_url"),
            Problem(_P.REDIRECTED, _S.RECOGNISE, "api_url"),
            Problem(_P.WRONG_PATH_OR_PRODUCT, _S.RECOGNISE, "api_url"),
            Problem(_P.BLOCKED_BY_WAF, _S.RECOGNISE, responsible_party=_T.CHANNEL),
            Problem(_P.UPSTREAM_DOWN, _S.RECOGNISE, responsible_party=_T.WAIT, retryable=True),
            Problem(_P.RATE_LIMITED, _S.RECOGNISE, responsible_party=_T.WAIT, retryable=True),
            Problem(_P.KEY_REJECTED, _S.KEY, "access_token"),
            Problem(_P.KEY_LACKS_PERMISSION, _S.KEY, "access_token", cure=Cure.AT_THE_CHANNEL),
            Problem(_P.SECRET_REJECTED, _S.KEY, "secret"),
            Problem(_P.SIGN_IN_REJECTED, _S.KEY, "secret", cure=Cure.ALL_VALUES),
            Problem(_P.REFUSED_FOR_SECURITY, _S.RECOGNISE, responsible_party=_T.CHANNEL),
            Problem(_P.PRODUCT_MISSING, _S.RECOGNISE, "api_url"),
            Problem(_P.API_SWITCHED_OFF, _S.RECOGNISE, cure=Cure.AT_THE_CHANNEL),
            Problem(_P.HTTPS_HIDDEN, _S.KEY, responsible_party=_T.CHANNEL, cure=Cure.AT_THE_CHANNEL),
            Problem(_P.LICENCE_MISSING, _S.PERMISSIONS),
            Problem(_P.CONSENT_LOST, _S.KEY, "access_token"),
            Problem(_P.OUR_APP_REFUSED, _S.KEY, responsible_party=_T.US),
            Problem(_P.PERMISSION_MISSING, _S.PERMISSIONS, "access_token", cure=Cure.AT_THE_CHANNEL),
            Problem(_P.ANSWER_UNREADABLE, _S.PERMISSIONS, responsible_party=_T.CHANNEL, retryable=True),
            Problem(_P.ENDPOINT_DOES_NOT_CHECK_KEYS, _S.KEY, "api_url", responsible_party=_T.CHANNEL),
            Problem(_P.CONTROL_INCONCLUSIVE, _S.KEY, responsible_party=_T.WAIT, retryable=True),
            Problem(_P.ACCOUNT_LOCKED, _S.SHOP),
            Problem(_P.ACCOUNT_CLOSED, _S.SHOP),
            Problem(_P.VERIFIED_NOT_SAVED, _S.SAVE, responsible_party=_T.US, retryable=True),
            Problem(_P.SERVICE_UNAVAILABLE, _S.SAVE, responsible_party=_T.US),
            Problem(_P.UNKNOWN, _S.RECOGNISE, responsible_party=_T.US, retryable=True),
        )
    }
)
