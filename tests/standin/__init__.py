"""What stands in for Stripe in tests: a server that its real client speaks to, and that remembers.

`contract` reads from the installed client what may be asked and answered; `pipeline` is what happens to a request;
`resources` are the objects with their rules; `standin` is what buyers, banks, recipients and time do, for tests;
`faults` is what goes wrong on purpose. Nothing here is sure about Stripe's behavior beyond the pages that it cites:
whoever relies on a rule checks it once with test-mode keys.
"""
