"""The language server: `refsync check`, its fixes, merges, answers, renaming and formatting in editors."""
