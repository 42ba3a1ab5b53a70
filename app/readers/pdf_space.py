"""From the coordinates of a PDF page to the page as it is shown, cut and turned."""

from dataclasses import dataclass

import pypdfium2

from app.core.documents.text import Box


@dataclass(frozen=True, slots=True)
class PageSpace:
    """The visible part of a page in its own coordinates, in points, which count upwards.

    Attributes:
        turned: degrees clockwise by which the page is shown: 0, 90, 180 or 270.
    """

    left: float
    bottom: float
    right: float
    top: float
    turned: int = 0

    @classmethod
    def of(cls, page: pypdfium2.PdfPage) -> "PageSpace":
        """Give that of a page."""
        left, bottom, right, top = page.get_bbox()
        return cls(left, bottom, right, top, page.get_rotation())

    @property
    def height(self) -> float:
        """Of the page as it is shown."""
        is_upright = self.turned in {0, 180}
        return self.top - self.bottom if is_upright else self.right - self.left

    @property
    def shown_top(self) -> float:
        """Where the upper edge is, counted upwards as heights of lines are."""
        # Of pages that are turned, places are those shown, from the upper left corner.
        return 0.0 if self.turned else self.top

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Give a rectangle of the page as it is shown, from the upper left corner."""
        match self.turned:
            case 90:
                return Box(
                    bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
                )
            case 180:
                return Box(
                    self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
                )
            case 270:
                return Box(
                    self.top - top, self.right - right, self.top - bottom, self.right - left
                )
            case _:
                return Box(left - self.left, self.top - top, right - self.left, self.top - bottom)
