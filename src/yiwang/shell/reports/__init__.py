"""A report on paper: official layout (GB/T 9704-2012) as PDF and as DOCX, charts for both."""
