"""Putting a row of a catalog on sale by the calls of a channel: what is sent and what the answers mean, without I/O.

``port``          a call, its reply, what came of a row and how it fails; the driver of a row's calls
``mercadolibre``  an item and its description
``ebay``          a piece, its offer, and the offer's publication
"""
