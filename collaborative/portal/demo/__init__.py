"""The demonstration: the three collaboratives of the source documents, from readable data files."""
