"""The way of the money, over HTTP, with Stripe's own client speaking to a stand-in."""
