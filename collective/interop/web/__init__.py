"""What other people's clients need to be told, on the pages of the apps below."""
