"""The physical border, in six rooms; each imports only rooms below it, those of one line not each other.

``outcomes``, ``surfaces``, ``fitting``
    a scenario beside the ordinary border; response surfaces for the model; the fitted table made from public files
``scenarios``
    what is done to the crossings: scenario files, restrictions, and the network with them in force
``border``
    the ordinary border: places, volumes, the fitted table, the network of a period, what freight and hours are worth
``queues``
    the simulator: a network in, every entity through its lanes, counts out
"""
