"""Users and what belongs to one: attributes, password, codes, groups, browser sessions."""
