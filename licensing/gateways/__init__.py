"""How licensing reaches people outside of the site."""
