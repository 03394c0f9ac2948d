"""Everything that can be set from outside, under `YOUSU_…`; each number here is a default, never a literal in code."""

import base64
import ipaddress
import os
from functools import lru_cache
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SERVICES = ("intake", "dispatch", "sla", "notify", "casebook", "directory")
"""The services, in the order of their ports."""


class Settings(BaseSettings):
    """The settings of one process. Without any, Yousu runs embedded: SQLite, local events, an in-process Redis."""

    model_config = SettingsConfigDict(env_prefix="YOUSU_", extra="ignore", frozen=True)

    var: Path = Path("var")
    """The folder for all files Yousu writes."""
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    """Where petitioners find the house: links in messages begin with it."""
    forwarded_allow_ips: str = Field(default="127.0.0.1", validation_alias="FORWARDED_ALLOW_IPS")
    """Uvicorn's own variable, without `YOUSU_`: addresses or networks, comma-separated, of the proxies in front, of
    which it is believed from where a request comes; `*` believes anybody, which production refuses."""
    amqp_url: str | None = None
    database_url: str | None = None
    redis_url: str | None = None
    production: bool = False
    sample: bool = False
    """Whether the sample county's logins and keys exist: only in embedded and drill runs, never in production."""
    drill_clock: Path | None = None
    """The file that holds the drill clock; without one the clock is the machine's."""
    peers: str = ""
    """In a drill of several processes: their base addresses, comma-separated."""
    log_level: str = "INFO"
    seal_keys: SecretStr | None = None
    """`id:base64key,…`: the first seals, all open."""
    phone_index_key: SecretStr | None = None
    session_idle_minutes: int = 30
    session_hours: int = 12
    password_shortest: int = 10
    password_refused: str = ""
    """Words too well known here to make a password of, comma-separated, beside those that are so everywhere."""
    second_factor_roles: str = ""
    """Whose login needs a second factor (TOTP), e.g. `administrator,auditor`."""
    login_tries: int = 5
    """Wrong passwords for a name from one address until the first pause; from anywhere, or for any name, more."""
    public_requests_per_minute: int = 120
    """From one address without login, at the doors where numbers, codes and links could be guessed."""
    open_requests_per_minute: int = 600
    """The same at the doors where anybody seeks cases and files: a village may share one address."""
    staff_requests_per_minute: int = 3_000
    """From one who has logged in, at one process: more than many open desks ask for."""
    channel_requests_per_minute: int = 30_000
    """The same with one channel's key; a request may hold many submissions."""
    denials_told_per_minute: int = 120
    """Of one address without login, in the audit log; one line more says that there were others."""
    export_most_rows: int = 50_000
    """Complaints in one exported ledger at most."""
    export_most_printed: int = 6_000
    """The same as PDF: some six hundred sheets."""
    export_hours: int = 24
    """How long an export can be fetched."""
    live_streams: int = 1000
    """Desks that are told to look again, open at once in one process; the others ask by themselves."""
    live_streams_per_session: int = 6
    database_connections: int = 10
    prefetch: int = 200
    batch: int = 100
    """How many deliveries a consumer takes into one transaction at most."""

    paper_fonts: Path | None = None
    """A folder of fonts for papers, beside those of the system."""
    paper_offices: str = "{}"
    """JSON by a center's code, where its name does not tell: `{"sq": {"short": "沈政", "government": …}}`."""

    plan_working_days: int = 5
    """From dispatch to the first answer (mechanism §5): of several departments, several levels, or a `hard` matter."""
    reasons_working_days: int = 3
    refused_working_days: int = 0
    """0 is close of business the same day."""
    consent_beyond_working_days: int = 20
    """From dispatch: a `hard` matter's committed date beyond it needs the coordinator's consent."""
    extension_working_days: int = 3
    """By so many a committed date may be extended."""
    decline_working_days: int = 1
    """From dispatch to a department's decline (mechanism §4)."""
    decline_refusals: int = 2
    """After so many a department's decline is settled for good."""
    dispatches_before_head: int = 2
    """So often a coordinator names departments; then the head decides whose it is (裁定)."""
    reopening_working_days: int = 15
    """After its end a petitioner may so long have a complaint reopened (mechanism §7)."""

    inner_triage_minutes: int = 120
    """The office's own limits (mechanism §3), in office minutes or working days."""
    inner_dispatch_minutes: int = 240
    inner_accept_minutes: int = 240
    inner_referral_working_days: int = 5
    inner_check_working_days: int = 1
    inner_follow_up_working_days: int = 1
    inner_sign_working_days: int = 1

    daily_digest: bool = True
    """Whether departments hear each working day what they owe, and inspection each week of the escalations."""
    digest_office_minutes: int = 0
    """How long after the opening of the day, in office minutes."""
    weekly_digest_weekday: int = 1
    """The week's digest comes on the first working day from this one on: 1 is Monday."""

    case_draft_working_days: int = 10
    """How long a complaint closed as typical may be without a draft (mechanism §8)."""

    @field_validator("forwarded_allow_ips")
    @classmethod
    def _addresses(cls, given: str) -> str:
        for each in given.split(",") if given != "*" else ():
            try:
                ipaddress.ip_network(each.strip())
            except ValueError:  # uvicorn would take it for a name that nobody has, and say nothing
                raise ValueError(
                    f"FORWARDED_ALLOW_IPS 只能写代理的 IP 地址或网段（如 10.0.0.5,10.1.0.0/16），“{each.strip()}”不是"
                ) from None
        return given

    @model_validator(mode="after")
    def _no_drill_in_production(self) -> Self:
        if self.production and (self.drill_clock or self.sample):
            raise ValueError("生产环境不能使用演练时钟或样例数据 (YOUSU_DRILL_CLOCK, YOUSU_SAMPLE)")
        if self.production and not (self.seal_keys and self.phone_index_key):
            raise ValueError("生产环境必须设置 YOUSU_SEAL_KEYS 和 YOUSU_PHONE_INDEX_KEY")
        if self.production and self.forwarded_allow_ips == "*":
            raise ValueError(
                "生产环境不能让 FORWARDED_ALLOW_IPS=*：谁都能冒充任何来源地址，限速和审计日志就不可信了；请写代理的地址"
            )
        return self

    @property
    def only_https(self) -> bool:
        """Whether browsers reach this house over HTTPS alone: everywhere but on one's own machine and in drills."""
        return self.production or not (self.embedded or self.drill_clock)

    @property
    def embedded(self) -> bool:
        """Whether events travel inside this process."""
        return self.amqp_url is None

    def peer_urls(self) -> list[str]:
        """The addresses of all processes of this drill; empty when this process is the whole house."""
        return [url.strip().rstrip("/") for url in self.peers.split(",") if url.strip()]

    def secret(self, name: str) -> str:
        """A key from the environment, or outside production one kept in the var folder and made at first use."""
        given: SecretStr | None = getattr(self, name)
        if given:
            return given.get_secret_value()
        path = self.var / f"{name}.secret"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            key = base64.b64encode(os.urandom(32)).decode()
            made = f"k1:{key}" if name == "seal_keys" else key
            draft = path.with_name(f"{path.name}.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(made)
            try:
                os.link(draft, path)  # of several first starters exactly one wins
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text().strip()


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
