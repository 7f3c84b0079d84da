"""Operations: dead letters, and what the person on duty sees and steers."""
