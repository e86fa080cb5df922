"""What an authority's own rule says about a number of its form, without what stands between its digits."""
