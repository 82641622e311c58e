"""Are the files and folders there that the release needs, and do engine and person reach them?"""
