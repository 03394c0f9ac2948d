"""What notify does: record who is told what, deliver what must leave the house, show messages and try them again."""
