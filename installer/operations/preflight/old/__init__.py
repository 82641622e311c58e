"""Does the old release run as its files say, and may this version follow it?"""
