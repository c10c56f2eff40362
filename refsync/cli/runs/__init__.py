"""Plans as files, and the runs that wrote: apply, resume, undo, log."""
