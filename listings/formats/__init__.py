"""Files of listings: read into drafts with their problems, row by row, and written back the same.

A format is found by its entry point in the group ``listings.formats``; reader and writer stand side by side, so that
what one writes the other reads. :func:`listings.formats.reading.opened` is the way in.
"""
