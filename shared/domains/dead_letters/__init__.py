"""Dead letters: deaths recorded, looked at and settled by operators, and sent again."""
