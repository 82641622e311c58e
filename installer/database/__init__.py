"""The table of the databases that Airlock serves, and the door that all of them stand behind."""
