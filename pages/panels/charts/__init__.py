"""Charts of the pages, drawn with Plotly."""
