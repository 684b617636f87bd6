"""The listing and its life: what a seller says about goods, and where it is shown."""
