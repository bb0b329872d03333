"""What the queue and the clock call: ids in, one verb, nothing else."""
