"""Colours of segments, the same in every picture."""

from typing import Final

OKABE_ITO: Final = (
    "#0072B2",  # blue
    "#E69F00",  # orange
    "#009E73",  # bluish green
    "#D55E00",  # vermillion
    "#CC79A7",  # reddish purple
    "#56B4E9",  # sky blue
    "#F0E442",  # yellow
    "#000000",  # black
)
"""Okabe and Ito's eight, told apart with any colour vision, the strongest on white first.

M. Okabe and K. Ito (2008), "Color universal design", https://jfly.uni-koeln.de/color/.
"""

NEUTRAL: Final = "#8A8A8A"
"""For noise, and for whatever belongs to no single segment."""

_SHADE = 0.55


def segment_colour(index: int) -> str:
    """Colour of a segment as ``#RRGGBB``; past eight, darker shades in the same order.

    The first fifteen differ.

    Parameters
    ----------
    index : int
        0 or more; anything less is noise.
    """
    if index < 0:
        return NEUTRAL
    round_, place = divmod(index, len(OKABE_ITO))
    colour = OKABE_ITO[place]
    factor = _SHADE**round_
    channels = (int(int(colour[i : i + 2], 16) * factor) for i in (1, 3, 5))
    return "#" + "".join(f"{channel:02X}" for channel in channels)
