"""kill -9 at every write of a crawl, and at any moment of it: nothing lost, nothing twice, validators never ahead."""
