"""Pushes of Hugging Face clients: Git LFS in, an ordinary draft contribution out.

A push puts files into a draft of the key's owner, by the services that the browser's uploader uses. Nothing is
published, checked or given away by it: on the contribution's page the person says where the files come from and what
they may be used for, and submits.
"""
