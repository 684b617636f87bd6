"""Translations as files of others: TMX, XLIFF, PO and tables, read with care and written without loss."""
