"""SVG to PNG, for mails. Knows nothing of what is drawn."""

import json

from auditor.reports import typesetting

_PAGE = b"""#let drawing = json(bytes(sys.inputs.drawing))
#set page(width: drawing.width * 1pt, height: auto, margin: drawing.margin * 1pt, fill: white)
#image(bytes(drawing.svg), format: "svg", width: 100%)
"""
_POINTS_AN_INCH = 72


def png(svg: str, *, width: int, density: int = 2, margin: int = 0) -> bytes:
    """The drawing as PNG, `width` points wide, with `density` pixels to a point."""
    import typst

    drawing = json.dumps({"svg": svg, "width": width, "margin": margin})
    image = typst.compile(
        _PAGE,
        format="png",
        ppi=_POINTS_AN_INCH * density,
        sys_inputs={"drawing": drawing},
        font_paths=typesetting.fonts(),
    )
    if not isinstance(image, bytes):
        raise ValueError("the drawing did not fit on one page")
    return image
