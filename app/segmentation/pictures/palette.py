"""Colours of segments, the same in every picture and in the web app."""

from typing import Final

SEGMENT_COLOURS: Final = (
    "#0072B2",  # blue
    "#B87700",  # orange
    "#008A62",  # bluish green
    "#D55E00",  # vermillion
    "#B5598F",  # reddish purple
    "#3493CB",  # sky blue
    "#827A00",  # yellow
    "#3A3D44",  # black
    "#003F62",
    "#653F00",
    "#00452F",
    "#752F00",
    "#63304E",
    "#1C5070",
    "#474300",
)
"""Fifteen colours that stand out 3 to 1 from white, in the web app's order.

The first eight are Okabe and Ito's, told apart with any colour vision, the light ones darkened
until a line of them is seen on white; the others are darker shades of the first seven. M. Okabe and
K. Ito (2008), "Color universal design", https://jfly.uni-koeln.de/color/.
"""

NEUTRAL: Final = "#7B8190"
"""For noise, and for whatever belongs to no single segment."""


def segment_colour(index: int) -> str:
    """Colour of a segment as ``#RRGGBB``; past fifteen they start again.

    Parameters
    ----------
    index : int
        0 or more; anything less is noise.
    """
    return NEUTRAL if index < 0 else SEGMENT_COLOURS[index % len(SEGMENT_COLOURS)]
