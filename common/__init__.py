"""The kernel: policy, vault, jobs, audit, mail, pdf, uploads, search, components. Imports nothing of ours."""
