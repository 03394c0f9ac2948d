"""dispatch: work orders from triage to closing.

I own: orders, their legs, assignments, replies, checks, follow-ups, conclusions and fired rungs; which files discipline
inspection has asked for, and the clues copied to it; a copy of each complaint, the petitioner's fields sealed;
the files that departments add, sealed.
I hear: complaint.registered, complaint.triaged, complaint.settled, complaint.corrected, petitioner.corrected,
petitioner.erased, complaint.nudged, reopening.asked, clock.started, clock.moved, clock.overran, rung.due, digest.due,
and the directory's facts.
I announce: order.dispatched, order.transferred, order.referred, outcome.recorded, order.recalled, order.directed,
order.signed, order.replied, reply.rejected, hold.overruled, study.held, order.joined, joining.changed, decline.raised,
decline.upheld, decline.refused, extension.asked, extension.granted, extension.refused, consent.given, consent.refused,
order.checked, order.followed_up, redo.started, withdrawal.asked, withdrawal.refused, order.reopened,
conclusion.proposed, conclusion.refused, order.closed, escalation.urged, escalation.supervised, escalation.reported,
letter.issued, clue.copied, case.suggested, agenda.compiled, week.compiled.
"""
