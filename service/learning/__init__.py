"""Learning besides CMB (circular 5.f.6): entered with evidence, decided by Biro SDM, never in a certificate of ours."""
