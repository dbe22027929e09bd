"""Participants between the port's values and the rows of two tables.

`participant` keeps the pseudonym, `person` what must be erasable; they are
written in one transaction and read joined. The phone number is sealed on the
way in and opened on the way out, nowhere else.
"""

from dataclasses import dataclass

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.live.rows import Consent, Registration
from quizserver.store.vault import Vault

Values = dict[str, str | int]
"""Values of the `:names` in a statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A participant joined with the person, as `queries` reads them."""

    participant: ParticipantId
    recovery: str
    via: str
    hidden: bool
    alias: str
    not_eligible: bool
    name: str
    unit: str
    phone: str
    consent_version: str
    consent_play: bool
    consent_show_name: bool
    consent_contact: bool
    consent_ms: int


def participant_values(one: Registration) -> Values:
    """Return the row of `participant`."""
    return {
        "show": one.show,
        "epoch": one.epoch,
        "participant": one.participant,
        "recovery": one.recovery_hash,
        "via": one.via,
        "hidden": one.hidden,
        "alias": one.alias,
        "not_eligible": one.not_eligible,
    }


def person_values(one: Registration, vault: Vault) -> Values:
    """Return the row of `person`, the phone number sealed."""
    return {
        "show": one.show,
        "epoch": one.epoch,
        "participant": one.participant,
        "name": one.name,
        "unit": one.unit,
        "phone": vault.seal(one.phone),
        "consent_version": one.consent.version,
        "consent_play": one.consent.play,
        "consent_show_name": one.consent.show_name,
        "consent_contact": one.consent.contact,
        "consent_ms": one.consent.at_ms,
    }


def registration(
    row: PersonRow, show: ShowCode, epoch: str, vault: Vault
) -> Registration:
    """Return the participant of a row, the phone number opened."""
    consent = Consent(
        version=row.consent_version,
        play=row.consent_play,
        show_name=row.consent_show_name,
        contact=row.consent_contact,
        at_ms=row.consent_ms,
    )
    return Registration(
        show=show,
        epoch=epoch,
        participant=row.participant,
        name=row.name,
        unit=row.unit,
        phone=vault.open(row.phone),
        via=row.via,
        recovery_hash=row.recovery,
        consent=consent,
        hidden=row.hidden,
        alias=row.alias,
        not_eligible=row.not_eligible,
    )
