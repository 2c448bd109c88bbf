"""The tour: the main job of the marketplace, driven over HTTP as its users would drive it."""
