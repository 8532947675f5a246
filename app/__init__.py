"""Customer segmentation: from a table of customers to named, trustworthy segments."""

VERSION = "1.0.0"
