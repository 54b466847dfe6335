"""The two governments: weekly modules, arrays over futures. One module of the model a file."""
