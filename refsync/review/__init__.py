"""Asking people: uncertain pairs as questions, records side by side, answers saved at once.

deduplication -> questions -> queue (filter, next) -> session (drafts, answers, undo) -> web page | terminal
decisions file -> status of each question -> states of a plan
"""
