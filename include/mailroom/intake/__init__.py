"""Mail and files in: what they are and what becomes of them."""
