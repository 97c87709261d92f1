"""Parts of the `growbot` command that are large enough for a file of their own."""
