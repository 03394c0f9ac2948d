"""sla: the clocks.

I own: the clock of every leg, its due date and its ladder; the inner limits of the centers' own offices; when digests
are due; and what counts as working time, for whoever asks.
I hear: complaint.registered, complaint.triaged, complaint.settled, order.dispatched, order.transferred, order.referred,
order.directed, outcome.recorded, order.recalled, order.replied, order.checked, order.followed_up, redo.started,
order.reopened, decline.upheld, extension.granted, consent.refused, order.closed, escalation.urged,
escalation.supervised, escalation.reported, letter.issued, the directory.
I announce: clock.started, clock.moved, clock.overran, rung.due, reminder.due, digest.due.
"""
