"""Where listings are sold: what each channel asks from which day on, and the files it takes.

``limits``   the channels, their markets and the limits that quality and length counters know
``item``     a row of a catalog as any channel sees it
``port``     what a channel's file is: how a row becomes its fields, what is wrong with them, how they are written
``rules``    required fields, lengths and words of a channel, as dated data
"""

from listings.channels.limits import FIELDS, STATUSES, Channel, Limit, Market, channels

__all__ = ["FIELDS", "STATUSES", "Channel", "Limit", "Market", "channels"]
