"""What the extraction room is worth: text and metadata against truth, CPU against others."""
