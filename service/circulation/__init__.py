"""The job behind the pages of employees and signers: a form on its way from a draft to everybody's signature."""
