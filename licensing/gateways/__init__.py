"""What licensing says to the world outside."""
