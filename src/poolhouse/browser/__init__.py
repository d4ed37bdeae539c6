"""What every edge that meets a browser stands on: cookies, forms, the way from page to page, templates and static files."""
