"""What jobs need from outside."""

from shared.domains.jobs.models import JobRecord, JobStatus
from shared.kernel.stores import Records

JobStore = Records[JobRecord, JobStatus]
"""Records of work."""
