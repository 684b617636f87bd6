"""The twins are held to their makers' own clients and schemas, and to what they must notice."""
