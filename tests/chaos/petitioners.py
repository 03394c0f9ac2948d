"""Who complains, and of what: drawn by the complaint's own name, so that one can be told from the other."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

CATEGORIES = {
    "complaint": "投诉",
    "opinion": "意见",
    "suggestion": "建议",
    "question": "疑问",
    "difficulty": "疑难事项",
    "complex": "复杂问题",
}


@dataclass(frozen=True)
class Person:
    """Someone invented, or an organisation; and what an auditor is shown of him."""

    kind: str
    name: str
    shown: str
    contact_person: str | None = None
    contact_person_shown: str = ""


PEOPLE = (
    Person("individual", "孙巧玲", "孙**"),
    Person("individual", "赵海", "赵*"),
    Person("individual", "欧阳文静", "欧阳**"),
    Person("organisation", "槐店镇丰收种植专业合作社", "槐店镇丰收种植专业合作社", "李建国", "李**"),
)


@dataclass(frozen=True)
class Petition:
    """A complaint as its petitioner brings it."""

    person: Person
    phone: str
    category: str
    content: str

    @property
    def phone_shown(self) -> str:
        """What an auditor is shown of the phone."""
        return f"{self.phone[:3]}****{self.phone[-4:]}"


def petition_of(name: str) -> Petition:
    """What the complaint of this name is about."""
    chance = random.Random(name)
    person, category = chance.choice(PEOPLE), chance.choice(tuple(CATEGORIES))
    content = f"办事跑了三趟还没有办成。{mark_of(name, 'submit')}"
    return Petition(person, f"1990000{chance.randrange(10_000):04}", category, content)


def mark_of(name: str, step: str) -> str:
    """What stands in all that is written of a complaint at one step, and nowhere else."""
    return f"〔{name}/{step}〕"


def submission_of(name: str, source: str, center: str, now: datetime) -> dict[str, Any]:
    """The same as a channel hands it over."""
    petition = petition_of(name)
    person = petition.person
    petitioner = {"kind": person.kind, "name": person.name, "phone": petition.phone, "address": "槐店镇"}
    if person.contact_person:
        petitioner["contact_person"] = person.contact_person
    return {
        "source": source,
        "source_ref": name,
        "center": center,
        "reported_at": (now - timedelta(minutes=1)).isoformat(),
        "petitioner": petitioner,
        "category": petition.category,
        "content": petition.content,
    }
