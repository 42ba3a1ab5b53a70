"""The colours, by what they are for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """Named colours, each `#rrggbb`. Text on its surface has a contrast of at least 4.5:1.

    Attributes:
        is_dark: light text on dark surfaces.
        page, rail, card, raised, code_surface, user_bubble: surfaces.
        line: decoration; control_line: borders of controls, at least 3:1.
        text, dim, faint: text in order of importance.
        accent, on_accent: the one colour that says "here", and text on it.
        accent_soft, on_accent_soft: the same, quietly.
        good, warn, bad: text and signs, each on its soft surface.
        highlight: behind marked text.
        others, track: in bars of memory, what other programs hold and what is free.
    """

    is_dark: bool
    page: str
    rail: str
    card: str
    raised: str
    line: str
    control_line: str
    text: str
    dim: str
    faint: str
    accent: str
    on_accent: str
    accent_soft: str
    on_accent_soft: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    user_bubble: str
    code_surface: str
    highlight: str
    others: str
    track: str


LIGHT = Tokens(
    is_dark=False,
    page="#fbfaf8",
    rail="#f3f1ed",
    card="#ffffff",
    raised="#ffffff",
    line="#e5e1da",
    control_line="#8f8a81",
    text="#1f1d1a",
    dim="#6b665e",
    faint="#716b62",
    accent="#2f6f5e",
    on_accent="#ffffff",
    accent_soft="#e2efea",
    on_accent_soft="#1f5546",
    good="#266b43",
    good_soft="#e3f1e7",
    warn="#855900",
    warn_soft="#fbf0d6",
    bad="#b42318",
    bad_soft="#fbe6e3",
    user_bubble="#edeae4",
    code_surface="#f3f1ed",
    highlight="#fbf0d6",
    others="#d3b06f",
    track="#ebe7e0",
)
DARK = Tokens(
    is_dark=True,
    page="#1a1b1d",
    rail="#141516",
    card="#222427",
    raised="#26282c",
    line="#34373c",
    control_line="#73777f",
    text="#eceae6",
    dim="#a5a29b",
    faint="#96938c",
    accent="#5cb79c",
    on_accent="#0c1f19",
    accent_soft="#203831",
    on_accent_soft="#9bdcc7",
    good="#6cc48a",
    good_soft="#1f3527",
    warn="#e0b252",
    warn_soft="#3a3018",
    bad="#f08a7e",
    bad_soft="#40231f",
    user_bubble="#2b2d31",
    code_surface="#141516",
    highlight="#4a3f1d",
    others="#a98545",
    track="#34373c",
)
HIGH_CONTRAST_LIGHT = Tokens(
    is_dark=False,
    page="#ffffff",
    rail="#ffffff",
    card="#ffffff",
    raised="#ffffff",
    line="#000000",
    control_line="#000000",
    text="#000000",
    dim="#1a1a1a",
    faint="#333333",
    accent="#003d99",
    on_accent="#ffffff",
    accent_soft="#dbe8ff",
    on_accent_soft="#002966",
    good="#00501f",
    good_soft="#ffffff",
    warn="#5c3a00",
    warn_soft="#ffffff",
    bad="#8f0000",
    bad_soft="#ffffff",
    user_bubble="#eeeeee",
    code_surface="#f4f4f4",
    highlight="#fff2a8",
    others="#8a6d3b",
    track="#ffffff",
)
HIGH_CONTRAST_DARK = Tokens(
    is_dark=True,
    page="#000000",
    rail="#000000",
    card="#000000",
    raised="#111111",
    line="#ffffff",
    control_line="#ffffff",
    text="#ffffff",
    dim="#eeeeee",
    faint="#d0d0d0",
    accent="#7fd7ff",
    on_accent="#000000",
    accent_soft="#00344d",
    on_accent_soft="#ffffff",
    good="#7fffa5",
    good_soft="#000000",
    warn="#ffd75e",
    warn_soft="#000000",
    bad="#ff9f94",
    bad_soft="#000000",
    user_bubble="#222222",
    code_surface="#111111",
    highlight="#5c5200",
    others="#d9b978",
    track="#000000",
)
