"""What a person can do to an order; one transaction each, with the order's row locked.

review: dispatch, transfer, refer, recall, direct · answering: sign, reply · declining: decline, and the word on it ·
committing: extend, consent · together: overrule, study, join · joining: what becomes of those that are joined ·
closing: check, follow up, conclude · ending: withdraw, reopen · escalating: urge, supervise · reading: files and lists
· papers: print and issue, as drafting words them · queueing: what waits for whom · doing: what somebody may do now ·
advising: who may be the right department · supervising: what is reported · oversight: what inspection asks for, and is
copied.
"""
