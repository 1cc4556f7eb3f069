"""An address as a square to scan."""

import io


def svg(address: str, *, border: int = 4) -> str:
    """The QR code of an address, as an SVG drawing; ``border``: empty modules around it."""
    import segno  # 13 MB that a process needs only when it prints

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=border, scale=4, xmldecl=False, light="#fff")
    return out.getvalue().decode()


def png(address: str) -> bytes:
    """The same as a picture, for documents that hold no drawings."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", border=4, scale=6)
    return out.getvalue()
