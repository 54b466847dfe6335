"""The two governments: weekly modules, arrays over futures."""
