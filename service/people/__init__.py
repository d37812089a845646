"""The register of employees, units, signer certificates, delegations and roles."""
