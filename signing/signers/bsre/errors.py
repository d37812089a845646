"""What may come of a call to the gateway instead of an answer; who reads it must know whether it can have signed."""

from __future__ import annotations

from signing.errors import SigningError

_LOST_HINT = (
    "Jangan menandatangani ulang dahulu: layanan BSrE mungkin sudah membubuhkan tanda tangan. Periksa riwayat pada "
    "layanan itu, atau unggah berkas yang sudah bertanda tangan bila Anda memperolehnya."
)


class GatewayRefused(SigningError):
    """The provider said no, so nothing was signed. `provider` are its own words, `code` its number, where it gave one.

    The words may repeat what was sent; secrets are taken out of them before they get here.
    """

    def __init__(self, provider: str, code: int | None, hint: str) -> None:
        said = f" ({code})" if code is not None and str(code) not in provider else ""
        super().__init__(f"Layanan BSrE menjawab: “{provider}”{said}.", hint)
        self.provider = provider
        self.code = code

    def __reduce__(self) -> tuple[type[GatewayRefused], tuple[str, int | None, str]]:
        return GatewayRefused, (self.provider, self.code, self.hint)


class GatewayUnreachable(SigningError):
    """Nothing was sent, or something was asked that signs nothing: it can be tried again."""


class OutcomeUnknown(SigningError):
    """A sign call went out and no usable answer came back: it may have signed. `document_id` where v1 gave one."""

    def __init__(self, why: str, document_id: str | None = None) -> None:
        super().__init__(f"Hasil penandatanganan belum diketahui: {why}.", _LOST_HINT)
        self.why = why
        self.document_id = document_id

    def __reduce__(self) -> tuple[type[OutcomeUnknown], tuple[str, str | None]]:
        return OutcomeUnknown, (self.why, self.document_id)
