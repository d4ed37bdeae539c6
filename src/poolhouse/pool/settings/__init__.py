"""How user pools, app clients, domains, resource servers and keys are set up and changed."""
