"""From the models' verdicts to a plan: what is merged, under which citation keys, and how it is written. Pure."""
