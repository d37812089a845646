"""Every change of the schema, one module each, in order; forward only, since going back would lose what was kept."""

HEAD = "0014"
