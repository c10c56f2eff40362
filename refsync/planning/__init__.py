"""From records to a plan: run the models, merge duplicates, assign citation keys, format the result. Pure."""
