"""The directory's facts as each service keeps them: fed by events, latest revision wins, read without asking anyone.

They are few, change seldom and are asked for by every request and event, so each process holds them all in memory. What
it has heard itself holds from that commit on; what another replica has heard, after `FRESH` seconds at most.
"""

from shared.replica.kept import FRESH, OPEN_PARTNERS, Fact, FactRow, Facts, facts, facts_in, keep_replica, put
from shared.replica.people import Channel, Member, channel_of_key, members, partners, source_is_active
from shared.replica.places import (
    calendar_of,
    calendar_told,
    center,
    center_codes,
    center_exists,
    center_name,
    center_parents,
    department_exists,
    department_is_active,
    department_names,
    department_titles,
    departments_of,
    knows_the_county,
    names,
    parent_of,
    retired_departments,
    root_center,
    way_to,
)

__all__ = [
    "FRESH",
    "OPEN_PARTNERS",
    "Channel",
    "Fact",
    "FactRow",
    "Facts",
    "Member",
    "calendar_of",
    "calendar_told",
    "center",
    "center_codes",
    "center_exists",
    "center_name",
    "center_parents",
    "channel_of_key",
    "department_exists",
    "department_is_active",
    "department_names",
    "department_titles",
    "departments_of",
    "facts",
    "facts_in",
    "keep_replica",
    "knows_the_county",
    "members",
    "names",
    "parent_of",
    "partners",
    "put",
    "retired_departments",
    "root_center",
    "source_is_active",
    "way_to",
]
