"""The only place that speaks SQL, and the keeper of original bytes."""
