"""The triggers of a pool (user-pools-api.md §7): one file per trigger, with its event, and the effect of its answer.

None is fired inside a database transaction.
"""
