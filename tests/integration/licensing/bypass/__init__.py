"""The license-bypass cases C1 to C12, over every route that hands out bytes, in both modes.

The modes are the local folder (beside SQLite) and an S3 server that checks signatures (rclone, beside PostgreSQL).

`make test K=bypass` runs them. What is proven elsewhere is named in docs/reference/license-bypass.md, and not repeated.
"""
