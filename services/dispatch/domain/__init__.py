"""The rules of an order, from triage to closing (mechanism §3 to §7): tables and pure functions."""
