"""Lists the database engines that Airlock serves, and defines the interface that they implement."""
