"""The fault-injection rig: complaints flow through whole loops while all under them breaks, by a seeded schedule.

It stands outside the platform. The parties (`parties`) go through the public doors only and keep a ledger of their own
(`ledger`): what they sent, and what was acknowledged. The house runs as nine processes behind lines of the rig's own
(`house`, `lines`). `faults` breaks things, each for a moment; `verdict` then compares all that the house holds with the
ledger and with what the rules say (`oracle`). `mutants` weakens the product, to see that the rig would notice.
"""
