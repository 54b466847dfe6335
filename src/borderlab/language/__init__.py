"""Every word, number, date and unit that a reader sees or writes. A language is a folder of catalogues."""
