"""What is done to the crossings: scenario files, restrictions, and the network with them in force."""
