"""intake: one window for every channel (Art. 5, 6).

I own: the door of all channels, over HTTP and on the bus; complaints and their numbers, petitioners, their
files, what was rejected, the journal of everything that happened to a complaint, the ledger (annex 3) computed from it,
exports until they are fetched.
I hear: the directory's facts; order.dispatched, order.transferred, order.referred, outcome.recorded, order.recalled,
order.directed, order.signed, hold.overruled, study.held, order.joined, joining.changed, decline.raised, decline.upheld,
decline.refused, extension.asked, extension.granted, extension.refused, consent.given, consent.refused, order.replied,
order.checked, order.followed_up, redo.started, withdrawal.asked, withdrawal.refused, order.reopened,
conclusion.proposed, conclusion.refused, order.closed, escalation.urged, escalation.supervised, escalation.reported,
letter.issued; clock.started, clock.moved, clock.overran, reminder.due; message.failed; case.published, case.withdrawn,
case.replaced, case.cited.
I announce: complaint.registered, complaint.triaged, complaint.settled, complaint.corrected, petitioner.corrected,
petitioner.erased, complaint.nudged, reopening.asked, rating.given, submission.rejected, submission.repeated,
citation.refused.
"""
