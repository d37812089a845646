"""SIASN, the national register of civil servants: a year's certificates as its courses, exported or sent, once each."""
