"""An address as a square to scan."""

import io


def svg(address: str) -> str:
    """The QR code of an address, as an SVG drawing."""
    import segno  # 13 MB that a process needs only when it prints

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=4, scale=4, xmldecl=False, light="#fff")
    return out.getvalue().decode()


def png(address: str) -> bytes:
    """The same as a picture, for documents that hold no drawings."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", border=4, scale=6)
    return out.getvalue()
