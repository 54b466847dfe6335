"""What every module stands on: rates, kernels, random numbers, inputs and effects of levers."""
