"""Customer segmentation: from a table of customers to named, trustworthy segments."""
