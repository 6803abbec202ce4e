"""Vague calls of the sample company: is the cause foreseen, and is the right person sent?"""
