"""Every setting of the server: one table, and the only reader of the environment.

A setting is a `QUIZ_…` variable; some commands have a flag for it, and the flag
wins. What belongs to a show (its timing rule, its prizes) is not here: it is
kept with the show and frozen when the lobby opens. A new setting is one field
of `Settings`; docs/reference/settings.md is held to this table by a test.
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from quizserver.failures import Failure

PREFIX: Final = "QUIZ_"
"""What the name of every variable begins with."""

Networks = tuple[IPv4Network | IPv6Network, ...]


def _setting(default: object, *, unit: str, text: str) -> Any:
    """Return a row of the table; what it takes is in `texts/failure`."""
    return Field(default, description=text, json_schema_extra={"unit": unit})


class Settings(BaseSettings):
    """The table. Empty text means "not set"."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        validate_default=False,
        frozen=True,
        extra="forbid",
    )

    data_dir: Path = _setting(
        Path("data"),
        unit="path",
        text="Folder of the database, the secret and uploaded files.",
    )
    database_url: str = _setting(
        "",
        unit="URL",
        text="Database of shows and answers; unset: quiz.db in the data folder.",
    )
    redis_url: str = _setting(
        "",
        unit="URL",
        text="Redis that carries cues between processes with one PostgreSQL; "
        "unset: one process.",
    )
    public_url: str = _setting(
        "",
        unit="URL",
        text="Address that phones use, for links and QR codes; unset: this machine's.",
    )
    secret_file: Path | None = _setting(
        None,
        unit="path",
        text="Key of tokens and personal data; made at first start; unset: "
        "the file secret in the data folder.",
    )
    trusted_proxies: Annotated[Networks, NoDecode] = _setting(
        (),
        unit="addresses",
        text="Proxies whose X-Forwarded-… headers are believed; unset: none.",
    )
    tls_certificate: Path | None = _setting(
        None,
        unit="path",
        text="Certificate with its chain (PEM), to speak TLS without a proxy; unset: "
        "plain HTTP.",
    )
    tls_key: Path | None = _setting(
        None,
        unit="path",
        text="Private key of the certificate (PEM); unset: in the same file.",
    )
    host: str = _setting(
        "0.0.0.0",  # noqa: S104 phones come from other machines
        unit="address",
        text="Address to listen on.",
    )
    port: int = Field(
        default=8000,
        ge=0,
        le=65535,
        description="Port to listen on; 0 takes any free one.",
        json_schema_extra={"unit": ""},
    )
    linger_ms: int = Field(
        default=10,
        ge=0,
        le=50,
        description="Longest wait for more answers before a commit to disk, under "
        "load; 64 wait for no more.",
        json_schema_extra={"unit": "ms"},
    )
    organiser: str = _setting(
        "",
        unit="",
        text="Who keeps people's data, as phones name it; unset: the Organising "
        "Committee.",
    )
    contact: str = _setting(
        "",
        unit="",
        text="Where people ask about their data: an e-mail address, a number; unset: "
        "phones name the organiser only.",
    )
    retention_days: int = Field(
        default=90,
        ge=1,
        le=3650,
        description="Names, places of work and phone numbers are erased so long after "
        "the end of a show; if the server is off then, within a week of running again.",
        json_schema_extra={"unit": "days"},
    )
    obs_password: str = _setting(
        "",
        unit="",
        text="Password of obs-websocket, for the command obs.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = _setting(
        "info",
        unit="",
        text="Least important line that is logged.",
    )
    log_format: Literal["text", "json"] = _setting(
        "text",
        unit="",
        text="Form of a log line: text for people, json for machines.",
    )
    lang: Literal["vi", "en"] = _setting(
        "vi",
        unit="",
        text="Language of commands, and of pages where neither the show nor the "
        "reader says one.",
    )

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, url: str) -> str:
        if url.startswith(("sqlite:///", "postgresql://")):
            return url
        raise ValueError

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, url: str) -> str:
        _ = urlsplit(url).port  # raises ValueError when it is no number
        if url.startswith(("redis://", "rediss://", "unix://")):
            return url
        raise ValueError

    @field_validator("public_url")
    @classmethod
    def _is_origin(cls, url: str) -> str:
        parts = urlsplit(url.rstrip("/"))
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError
        if parts.path or parts.query or parts.fragment or parts.username:
            raise ValueError
        return parts.geturl()

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @property
    def database(self) -> str:
        """The database's URL, also when none is set."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'quiz.db'}"

    @property
    def several(self) -> bool:
        """Whether other processes share the database."""
        return bool(self.redis_url)

    @property
    def secret(self) -> Path:
        """The secret's file, also when none is set."""
        return self.secret_file or self.data_dir / "secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A setting as people read it: the variable, its default, unit and meaning."""

    name: str
    default: str
    unit: str
    expected: str
    text: str


def table() -> tuple[Row, ...]:
    """Return all settings in the order of the documentation."""
    return tuple(
        Row(
            name=_variable(key),
            default=_shown(field.default),
            unit=_unit(key),
            expected=str(_expected(key)),
            text=field.description or "",
        )
        for key, field in Settings.model_fields.items()
    )


def read_settings(**flags: object) -> Settings:
    """Return the settings of this process.

    Args:
        flags: values from the command line by field name; None is "not given".

    Raises:
        Failure: an unknown `QUIZ_…` name, or a value that cannot be used.
    """
    _refuse_unknown(os.environ)
    given = {key: value for key, value in flags.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise _bad(error, given) from None


def plain_environment() -> dict[str, str]:
    """Return the environment without settings, for a server with its own."""
    return {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}


def _refuse_unknown(names: Iterable[str]) -> None:
    known = [row.name for row in table()]
    for name in sorted(names):
        if name.startswith(PREFIX) and name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.0)[0]
            raise Failure("failure.no_setting", name=name, near=near)


def _bad(error: ValidationError, flags: Mapping[str, object]) -> Failure:
    key = str(error.errors()[0]["loc"][0])
    if key in flags:
        name, value = "--" + key.replace("_", "-"), flags[key]
    else:
        name, value = _variable(key), os.environ.get(_variable(key), "")
    return Failure(
        "failure.bad_setting",
        name=name,
        value=_redacted(str(value)),
        expected=_expected(key),
    )


def _expected(key: str) -> Failure:
    """Return what a setting takes, which completes "… is 'x'; expected …"."""
    return Failure(f"failure.expected.{key}")


def _redacted(value: str) -> str:
    """Return the value without the password a URL may hold."""
    return re.sub(r"//[^@/]*@", "//…@", value)


def _variable(key: str) -> str:
    return PREFIX + key.upper()


def _unit(key: str) -> str:
    extra = Settings.model_fields[key].json_schema_extra
    return str(extra["unit"]) if isinstance(extra, dict) else ""


def _shown(default: object) -> str:
    return "" if default is None or default == () else str(default)
