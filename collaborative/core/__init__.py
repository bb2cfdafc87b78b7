"""The ground: errors, policies, guarded views, registries and components. It has no tables."""
