"""What a department adds to an order: a file with its name, both sealed."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.tables.base import Base, Key


class Enclosure(Base):
    """办理材料: a file that shows what was done. Erased with the petitioner, who may stand in it."""

    __tablename__ = "enclosures"

    enclosure_id: Mapped[Key]
    complaint_id: Mapped[str] = mapped_column(String(36), ForeignKey("orders.complaint_id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))
    center: Mapped[str] = mapped_column(String(80))
    department: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    data: Mapped[str] = mapped_column(Text)
