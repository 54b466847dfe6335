"""The modules of the model, one a file: state, equations, a step of a week."""
