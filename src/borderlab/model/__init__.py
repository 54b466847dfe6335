"""The two governments: declared weekly modules, compiled into one course over futures."""
