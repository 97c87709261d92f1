"""growbot, a Slack bot for coaching accountability."""

__version__ = "0.1.0"
