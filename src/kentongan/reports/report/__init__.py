"""The periodic report to the village head: a period, its tables, what they say, and the paper."""
