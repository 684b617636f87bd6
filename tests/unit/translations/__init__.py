"""The room of localisation, by itself."""
