"""directory: who and what there is.

I own: centers and their calendars (hours, local days, the State Council's notices), departments, units outside, members
and their logins, liaisons, channels and their keys, partners on the bus; and the history of each. And what nobody else
needs: where each center's window, zone and coordination room are, and its meetings with liaisons.
I hear: nothing.
I announce: center.changed, department.changed, unit.changed, member.changed, liaison.changed, channel.changed,
partner.changed.
"""
