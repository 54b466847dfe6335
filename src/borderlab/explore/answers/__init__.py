"""What a comparison says: who does better, what one would have to believe, what matters."""
