"""Training: makes the numbers that `speech.scoring` reads; never needed where something is scored."""
