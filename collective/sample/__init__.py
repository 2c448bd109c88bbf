"""The sample marketplace of a first start: accounts, datasets of four kinds, offers and one sale.

Part of the composition root: it knows every app and calls their services as users would.
"""
