"""Files for those who run the platform on machines of their own, made from the Procfile."""
