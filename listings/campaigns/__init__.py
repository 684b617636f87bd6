"""Campaigns for people far from home: who they are and where, which days they keep, and what of a shop fits them.

``figures``    how many people, with year and source; a rounded figure is a range, an unknown one is none
``audiences``  groups of origin by state, the languages at home, what they come to together
``census``     the Census API's answer read into figures, or told row by row why not
``calendar``   feast days by their rule, for a year, with source and status
``deadlines``  the last day to order, by the delivery estimate, and what is said when it is past
``matching``   how well a listing fits, part by part, and why it stays out
``claims``     words that need proof, and whether a certificate gives it
``wording``    peoples a text should not name, claims that its goods do not prove
``media``      when to speak before the last day to order, and where
``links``      tagged addresses
"""
