"""notify: who is told what, by which means; every message's fate is recorded.

I own: messages and their words, and of each complaint what must be known to tell anyone of it (its petitioner sealed,
in one table).
I hear: complaint.registered, complaint.triaged, complaint.settled, complaint.corrected, petitioner.corrected,
petitioner.erased, complaint.nudged, rating.given, submission.rejected, submission.repeated, order.dispatched,
order.transferred, order.referred, order.directed, outcome.recorded, order.recalled, hold.overruled, study.held,
order.joined, joining.changed, decline.raised, decline.upheld, decline.refused, extension.asked, extension.refused,
consent.given, consent.refused, order.replied, reply.rejected, order.checked, redo.started, withdrawal.asked,
withdrawal.refused, order.reopened, conclusion.proposed, conclusion.refused, order.closed, escalation.urged,
escalation.supervised, escalation.reported, clue.copied, clock.started, clock.moved, reminder.due, agenda.compiled,
week.compiled, candidate.waited, case.submitted, case.returned, case.approved, the directory's facts.
I announce: message.failed.
"""
