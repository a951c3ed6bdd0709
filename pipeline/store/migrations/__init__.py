"""The schema's history, applied by :mod:`pipeline.store.upgrade`. One file a step; a released step never changes."""
