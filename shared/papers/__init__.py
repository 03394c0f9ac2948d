"""Papers: what the house prints. Words and layout apart: a service says what a paper states, this lays it out.

PDF by typst for what is signed, Word by docxtpl for what is edited first. Every value reaches a layout as data, never
as markup of its own, and the same paper gives the same bytes.
"""
