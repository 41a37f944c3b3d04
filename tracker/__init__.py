"""What people decided about the articles: review, link, browse, export. Also the project package."""

__version__ = "0.1.0"
