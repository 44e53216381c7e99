"""Long work: asked for on a page, done in a child of the worker, one at a time."""
