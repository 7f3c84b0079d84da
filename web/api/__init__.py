"""HTTP, one blueprint a domain."""
