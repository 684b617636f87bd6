"""Ways to send a parcel, side by side: limits, tracking, papers, simplified export. It knows no database and no web."""
