"""Why a visit was turned away, as a value that any layer of `web` may raise.

`errors` makes the JSON body or the page of it. It carries no detail beyond
what the visitor sent: a sentence of the catalogue and the name of a field.
"""

from typing import Final

STATUS: Final = {
    "bad_json": 400,
    "sign_in_first": 401,
    "bad_token": 401,
    "forbidden": 403,
    "bad_origin": 403,
    "bad_form": 403,
    "not_found": 404,
    "no_such_show": 404,
    "wrong_method": 405,
    "show_exists": 409,
    "too_late_to_rename": 409,
    "wish_waits": 409,
    "no_rehearsal": 409,
    "not_alone": 409,
    "not_rehearsed": 409,
    "too_big": 413,
    "bad_field": 422,
    "wrong_code": 422,
    "wrong_password": 422,
    "bad_code": 422,
    "bad_setting": 422,
    "question_too_long": 422,
    "no_such_pack": 422,
    "too_many_tries": 429,
    "broken": 500,
    "not_ready": 503,
}
"""Codes of `error.code` and their HTTP status; the sentences are
`web.error.<code>` in the catalogues."""


class Denied(Exception):
    """A visit that was turned away.

    `sentence` replaces the catalogue's where the reason was written elsewhere
    (a rule of names, a weak password) and comes with its own `status`; `field` is
    the one at fault.
    """

    def __init__(
        self,
        code: str,
        *,
        field: str | None = None,
        sentence: str | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.sentence = sentence
        self.status = STATUS[code] if status is None else status
