"""The finance team's part of the operator's console, under /operator/finance/."""
