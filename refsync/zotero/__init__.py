"""Zotero libraries: conversion of records, the Web API, push, pull, merge, sync and undo."""
