"""The sample company, whose true levels are known: are the beliefs right?"""
