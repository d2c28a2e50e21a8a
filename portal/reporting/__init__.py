"""What the public and auditors see: results, funded projects, open data, the checks of the whole house."""
