"""`speaktracker verify`: whether a deployment does what it is for, tried from outside."""
