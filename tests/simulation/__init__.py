"""Many pairs over years of virtual time, on the real services, database and courier; only Slack and the clock are ours."""
