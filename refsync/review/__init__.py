"""Asking people: what is in doubt as questions, records side by side, answers kept at once.

deduplication -> queue (questions) -> rows (side by side) -> session (answers, undo, progress) -> web | terminal
"""
