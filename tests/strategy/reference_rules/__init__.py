"""The rules as they were first built, all futures of a week at once in NumPy: kept as a second, independent telling.

The product compiles one future through its weeks; here each rule and condition goes over all futures before the next.
Only imports, compilation and the summing up of the log were taken out.
"""
