"""On which days a country rests: national holidays, from the library `holidays`, which is imported when it is first asked."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache


def is_holiday(country: str, on: date) -> bool:
    """`country`: an ISO 3166 code. Of one that the library does not know (any more), no day is one."""
    return on in _of_year(country, on.year)


@lru_cache(1000)
def _of_year(country: str, year: int) -> frozenset[date]:
    from holidays import country_holidays

    try:
        return frozenset(country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


@lru_cache(1)
def countries() -> Sequence[str]:
    """The codes of those that can be chosen."""
    from holidays import list_supported_countries

    return sorted(list_supported_countries(include_aliases=False))
