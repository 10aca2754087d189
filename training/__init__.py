"""From labelled data to a checked and versioned model."""

from training.kernels import choose_kernels

choose_kernels()
