"""What directory owns beside its facts (which are kept as in every replica): the secrets nobody else sees."""

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The tables of directory."""


class Account(Base):
    """How a member logs in."""

    __tablename__ = "accounts"

    username: Mapped[str] = mapped_column(String(80), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))
