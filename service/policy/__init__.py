"""The law: pure functions over values, standard library only."""
