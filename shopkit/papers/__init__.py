"""Papers for customs: one declaration of what is in a parcel, what is wrong with it, and what is printed of it.

No web, database or network. What nobody said stays empty and is named; nothing is made up for it.
"""
