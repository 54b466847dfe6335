"""What borderlab can do, for Python: a request in, a frozen result out.

``import borderlab as bl`` offers these names; the command line and every other face call them and assemble nothing
themselves. Nothing here prints, ends the process, or keeps state that one thread could spoil for another.
"""
