"""What every app command has in common: its words, who may use it, how it answers, how it fails."""
