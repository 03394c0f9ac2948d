"""A small part of the sample county: its own center, one township, two departments and a few people."""

from dataclasses import replace

from deploy.county import County, load_county

CENTERS = ("sq", "sq-fujing")
DEPARTMENTS = ("zrzy", "zhfw")
MEMBERS = ("clerk-sq", "officer-zrzy", "coordinator-sq-fujing", "admin")


def a_few_of_the_county() -> County:
    """What a test of the directory needs; the whole county takes seconds to load."""
    whole = load_county()
    return replace(
        whole,
        centers=tuple(each for each in whole.centers if each.code in CENTERS),
        departments=tuple(each for each in whole.departments if each.center in CENTERS and each.code in DEPARTMENTS),
        members=tuple(each for each in whole.members if each.username in MEMBERS),
        units=whole.units[:2],
        partners=(),
    )
