"""The rules of tutoring: who may ask, who decides, who may see what a student is doing."""
