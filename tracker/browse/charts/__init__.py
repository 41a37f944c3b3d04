"""Charts as geometry: numbers and links that templates draw as SVG. No number here is ever localised."""
