"""Read only: the dashboard, the lists with their filters, and the pages of articles, claims, transfers and actors."""
