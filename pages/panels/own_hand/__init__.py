"""A visitor's own taught hand: kept, switched, used by the pages that read, and taught."""
