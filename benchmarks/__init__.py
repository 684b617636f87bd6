"""What the speed claims of the README rest on: ratios measured in one run."""
