"""People at real browsers: Debian's own Chromium, in front of one house in this process.

Whatever they do, nothing may be asked of anywhere but the house, and no page may complain: `person.Person` keeps watch,
and a test fails for whatever it saw. The pages are listed in `every_page`; photographs of all of them are taken by
`python -m tests.browser.shots FOLDER`.
"""
