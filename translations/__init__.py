"""Words in several languages: locales, the catalogues of the pages, and how they fall back."""
