"""A whole message, read for one system: what its fields are called, and what their values look like."""

from collections.abc import Collection

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.systems.cleaning import CleanText, Remarks
from xtnd_wizard.systems.contract import API_URL, System
from xtnd_wizard.systems.messages import ADDRESS_LABELS, MessageReading, Wanted, read_parted


def read_pasted(
    system: System,
    message: Secret,
    *,
    known_address: str = "",
    trusted_origins: Collection[str] = (),
    auth_method: str = "",
) -> MessageReading:
    """The values of all fields that a pasted message holds, those of sealed fields as secrets."""
    wanted, sealed = wanted_fields(system, trusted_origins, auth_method), system.sealed_fields_of(auth_method)
    secrets, (clear, report) = message.parted_by(lambda text: read_parted(text, wanted, sealed, known_address))
    return MessageReading({**secrets, **clear}, report)


def wanted_fields(system: System, trusted_origins: Collection[str] = (), auth_method: str = "") -> tuple[Wanted, ...]:
    """The fields that a merchant enters, by all names that they have in any language."""
    fields = [field for field in system.fields_of(auth_method) if field.typed]
    words = [system.guide(language, auth_method)["fields"] for language in LANGUAGES]

    def cleaning(name: str) -> CleanText:
        def clean(text: str) -> tuple[str, Remarks]:
            cleaned = system.clean(name, text, trusted_origins, auth_method)
            return cleaned.value, cleaned.remarks

        return clean

    return tuple(
        Wanted(
            field.name,
            labels=(*field.labels, *(each[field.name][label] for each in words for label in ("label", "xtnd")))
            + (ADDRESS_LABELS if field.name == API_URL else ()),
            clean=cleaning(field.name),
            shape=field.shape,
            any_text=field.any_text,
            is_address=field.name == API_URL,
            domain=system.hosts.tenant_domain,
        )
        for field in fields
    )
