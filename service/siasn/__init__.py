"""SIASN, the national register of civil servants: a year's certificates exported or sent as its courses, once each."""
