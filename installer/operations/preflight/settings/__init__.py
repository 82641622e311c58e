"""Are the settings, ports and outside things there that the compose files name?"""
