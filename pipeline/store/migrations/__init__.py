"""The schema's history, applied by :mod:`pipeline.store.migrate`. One file a step; a released step never changes."""
