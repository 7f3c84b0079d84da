"""`speaktracker load`: people who do what learners do, and whether the objectives are kept meanwhile."""
