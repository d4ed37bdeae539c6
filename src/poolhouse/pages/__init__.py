"""Everything a person sees in a browser: the pages of a pool domain, and poolhouse's own landing page, inbox and demo."""
