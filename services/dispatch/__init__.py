"""dispatch: work orders from triage to closing.

I own: orders, their legs, assignments, replies, checks, follow-ups, conclusions and fired rungs; a copy of each
complaint, the petitioner's fields sealed.
I hear: complaint.registered, complaint.triaged, complaint.settled, complaint.corrected, petitioner.corrected,
clock.started, clock.moved, clock.overran, rung.due, digest.due, and the directory's facts.
I announce: order.dispatched, order.transferred, order.referred, outcome.recorded, order.directed, order.signed,
order.replied, reply.rejected, order.checked, order.followed_up, redo.started, conclusion.proposed, conclusion.refused,
order.closed, case.suggested, escalation.urged, escalation.supervised, escalation.reported, letter.issued,
agenda.compiled, week.compiled.
"""
