"""The engines we compare with, each a program that an environment of their own runs; nothing here is imported."""
