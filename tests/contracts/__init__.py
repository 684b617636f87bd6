"""What every adapter of a port must do, and every fake too."""
