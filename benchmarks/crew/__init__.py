"""Crews from greedy starts and exchange: how near to the best of all crews, and how fast?"""
