"""The house: four jobs, thin doors, one store, one law."""
