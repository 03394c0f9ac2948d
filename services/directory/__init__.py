"""directory: who and what there is.

I own: centers and their calendars, departments and units, members and their logins, channels and their keys,
partners on the bus.
I hear: nothing.
I announce: center.changed, department.changed, member.changed, channel.changed, partner.changed.
"""
